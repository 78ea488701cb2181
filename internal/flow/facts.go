package flow

import "strings"

// IsReference reports whether a whole text is one reference, such as $.Attributes.name.
func IsReference(text string) bool { return isReference(text) }

// References returns the paths of all references in a text, in their order: $.Attributes.name is [Attributes name].
func References(text string) [][]string {
	var paths [][]string
	for at := strings.IndexByte(text, '$'); at >= 0; at = strings.IndexByte(text, '$') {
		path, n := readReference(text[at:])
		if n > 0 {
			paths = append(paths, path)
		}
		text = text[at+max(n, 1):]
	}
	return paths
}

// TypeOf returns the type that a name stands for, as in the API (CONTACT_FLOW), the console's metadata (contactFlow) or a
// project file (inbound, customer_queue), and whether there is one. Case and underscores do not matter.
func TypeOf(name string) (Type, bool) {
	plain := plainTypeName(name)
	if plain == "inbound" {
		return ContactFlow, true
	}
	for known, t := range metadataTypes {
		if plainTypeName(known) == plain {
			return t, true
		}
	}
	if plain == "module" {
		return Module, true
	}
	return "", false
}

func plainTypeName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
