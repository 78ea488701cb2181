package async

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// deliver puts the execution's output into the reply: an object's members at the top level, anything else as
// sfn_output.
func (r *reply) deliver(in *invocation, output string) {
	raw := readOutput(output)
	found, isObject := members(raw)
	switch {
	case len(in.selected) > 0:
		var missing []string
		found, missing = selectParts(raw, found, in.selected)
		r.missing = strings.Join(missing, ",")
	case !isObject:
		r.outputOnly = raw != nil
	}
	var flat flatMap
	if in.stringMap {
		flat = flatten(found, r.reserves)
		found, r.tooLarge = flat.members, flat.tooLarge
	}
	overruled := r.merge(found) || flat.overruled
	if !isObject || overruled || in.includeOutput {
		r.output = string(raw)
	}
}

// readOutput is the output as compact JSON. Text that is not JSON, which Step Functions does not write, counts as a
// JSON string; no text at all is nil.
func readOutput(output string) json.RawMessage {
	output = strings.TrimSpace(output)
	if output == "" {
		return nil
	}
	if !json.Valid([]byte(output)) {
		return quote(output)
	}
	return compact(json.RawMessage(output))
}

func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}

// merge adds the result's members, except those whose key is reserved or taken. It reports whether there was one.
func (r *reply) merge(found []member) (overruled bool) {
	taken := map[string]bool{}
	for _, m := range found {
		if r.reserves(m.key) || taken[m.key] {
			overruled = true
			continue
		}
		taken[m.key] = true
		r.members = append(r.members, m)
	}
	return overruled
}

// members are an object's, in order. Of several with the same key the last counts, in the place of the first.
func members(raw json.RawMessage) (found []member, isObject bool) {
	place := map[string]int{}
	isObject = eachMember(raw, func(name []byte, value json.RawMessage) {
		m := member{key: string(name), value: value}
		if i, ok := place[m.key]; ok {
			found[i] = m
			return
		}
		place[m.key] = len(found)
		found = append(found, m)
	})
	return found, isObject
}

// selectParts returns the parts of the result that the names and paths mean, in the order of the paths. A part is named
// by its path with _ between the steps. What is not there is missing.
func selectParts(raw json.RawMessage, top []member, paths []string) (parts []member, missing []string) {
	for _, path := range paths {
		steps := pathSteps(path)
		if m, ok := find(top, path); ok {
			parts = append(parts, m)
		} else if value, ok := walk(raw, top, steps); ok {
			parts = append(parts, member{key: strings.Join(steps, "_"), value: value})
		} else {
			missing = append(missing, path)
		}
	}
	return parts, missing
}

// pathSteps takes a path apart: account.id, $.account.id, items[0].name.
func pathSteps(path string) []string {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "$"), ".")
	path = strings.NewReplacer("[", ".", "]", "").Replace(path)
	return strings.Split(strings.TrimPrefix(path, "."), ".")
}

// walk follows the steps into objects and arrays. top are the members of raw, where it is an object.
func walk(raw json.RawMessage, top []member, steps []string) (json.RawMessage, bool) {
	if len(raw) > 0 && raw[0] == '{' {
		m, ok := find(top, steps[0])
		if !ok {
			return nil, false
		}
		raw, steps = m.value, steps[1:]
	}
	for _, step := range steps {
		var ok bool
		if raw, ok = child(raw, step); !ok {
			return nil, false
		}
	}
	return raw, true
}

func child(raw json.RawMessage, step string) (json.RawMessage, bool) {
	if found, isObject := members(raw); isObject {
		m, ok := find(found, step)
		return m.value, ok
	}
	var list []json.RawMessage
	i, err := strconv.Atoi(step)
	if err != nil || json.Unmarshal(raw, &list) != nil || i < 0 || i >= len(list) {
		return nil, false
	}
	return list[i], true
}

func find(all []member, key string) (member, bool) {
	for _, m := range all {
		if m.key == key {
			return m, true
		}
	}
	return member{}, false
}

// maxFlat is how deep a flatMap looks. What lies deeper becomes JSON text.
const maxFlat = 16

// flatMap is a result as the response type STRING_MAP wants it: every value a string, the members of a nested object
// with its key and _ before their own, and anything but a string as its JSON text. Keys repeat those above them, so a
// result that Step Functions takes may have gigabytes of them: collecting ends where Connect would not take the reply.
type flatMap struct {
	members   []member
	taken     map[string]bool
	reserves  func(key string) bool
	overruled bool // a key was reserved or taken
	size      int  // of the members as JSON, at least
	tooLarge  bool
}

// flatten makes a flatMap of members.
func flatten(all []member, reserves func(key string) bool) flatMap {
	flat := flatMap{taken: map[string]bool{}, reserves: reserves}
	flat.add("", all, 1)
	return flat
}

func (flat *flatMap) add(prefix string, all []member, depth int) {
	for _, m := range all {
		nested, isObject := members(m.value)
		switch {
		case flat.tooLarge:
			return
		case isObject && len(nested) > 0 && depth < maxFlat && len(prefix)+len(m.key) < maxReply:
			flat.add(prefix+m.key+"_", nested, depth+1)
		default:
			flat.put(prefix, m)
		}
	}
}

// put adds a member, unless its key is reserved or taken, or there is no room for it. A member costs its quotes, colon
// and comma, too.
func (flat *flatMap) put(prefix string, m member) {
	key := prefix + m.key
	if flat.reserves(key) || flat.taken[key] {
		flat.overruled = true
		return
	}
	flat.size += len(key) + len(m.value) + len(`"":,`)
	if flat.tooLarge = flat.size > maxReply; !flat.tooLarge {
		flat.taken[key] = true
		flat.members = append(flat.members, member{key: key, value: stringValue(m.value)})
	}
}

func stringValue(raw json.RawMessage) json.RawMessage {
	if len(raw) > 0 && raw[0] == '"' {
		return raw
	}
	return quote(string(raw))
}
