package scaffold

import (
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
)

// What a function takes and returns is guessed from its code, for defaults that the user sees and may change.

// The ways in which Python and JavaScript read the parameters of Connect's event.
var (
	directly = regexp.MustCompile(`\bParameters\b["']?\]?(?:\s*,\s*\{\}\s*\)|\))?` +
		`(?:\.get\(\s*|\[\s*)["'](\w+)["']|\bParameters\??\.(\w+)\b`)
	alias = regexp.MustCompile(`(?m)\b(\w+)\s*=\s*[^\n;]*\bParameters\b["']?\]?` +
		`(?:\s*,\s*\{\}\s*\)|\))?(?:\s*(?:or|\|\||\?\?)\s*\{\})?\s*;?\s*$`)
	unpacked = regexp.MustCompile(`\{([^{}]*)\}\s*=\s*[^\n;]*\bParameters\b`)
)

// The ways in which they return an object, or a variable that is one.
var (
	returned = regexp.MustCompile(`(?:\breturn\s*\(?|=>\s*\(\s*)\s*\{`)
	variable = regexp.MustCompile(`(?m)\breturn\s+(\w+)\s*;?\s*$`)
	key      = regexp.MustCompile(`^\s*(?:"([A-Za-z_]\w*)"|'([A-Za-z_]\w*)'|([A-Za-z_]\w*))\s*$`)
)

// parametersOf are the names of the parameters that a function reads.
func parametersOf(text string) []string {
	var names []string
	add := func(pattern *regexp.Regexp, in string) {
		for _, m := range pattern.FindAllStringSubmatch(in, -1) {
			names = append(names, strings.Join(m[1:], ""))
		}
	}
	add(directly, text)
	for _, m := range alias.FindAllStringSubmatch(text, -1) {
		name := regexp.QuoteMeta(m[1])
		add(regexp.MustCompile(`\b`+name+`(?:\.get\(\s*|\[\s*)["'](\w+)["']|\b`+name+`\??\.(\w+)\b`), text)
	}
	for _, m := range unpacked.FindAllStringSubmatch(text, -1) {
		for _, item := range strings.Split(m[1], ",") {
			name, _, _ := strings.Cut(item, ":")
			name, _, _ = strings.Cut(name, "=")
			names = append(names, strings.TrimSpace(name))
		}
	}
	return unique(names, func(name string) bool { return name == "get" || name == "items" || name == "keys" })
}

// returnedBy are the keys of the objects that a function returns, in their order, as a flow reads them: those of an
// object in the object are joined with its own. Lists are left out, and what only a call of the function shows.
func returnedBy(text string) []string {
	patterns := []*regexp.Regexp{returned}
	for _, m := range variable.FindAllStringSubmatch(text, -1) {
		patterns = append(patterns, assigned(m[1]))
	}
	var names []string
	for _, pattern := range patterns {
		for _, at := range pattern.FindAllStringIndex(text, -1) {
			names = append(names, keysIn(text, text[at[1]:], "", 0)...)
		}
	}
	return unique(names, func(name string) bool {
		return async.ReservedKey(name) || name == "statusCode" || name == "body" || name == "headers"
	})
}

// assigned finds where a variable becomes an object.
func assigned(variable string) *regexp.Regexp {
	return regexp.MustCompile(`\b` + regexp.QuoteMeta(variable) + `\s*=\s*\{`)
}

// maxNested is how deep objects are looked into; a variable may be part of itself.
const maxNested = 3

// The ways in which a value is neither a text nor a number, and a value that is a variable.
var (
	structured = regexp.MustCompile(`^(?:\[|(?:dict|list|set|tuple|sorted|json\.loads|JSON\.parse|Object\.\w+|` +
		`Array\.\w+)\(|new\s+(?:Map|Set|Array)\b)|\.json\(\)$`)
	word = regexp.MustCompile(`^[A-Za-z_]\w*$`)
)

// keysIn are the keys of an object whose text begins after its bracket.
func keysIn(text, object, prefix string, depth int) (names []string) {
	for _, item := range items(object) {
		name, value, isPair := strings.Cut(item, ":")
		m := key.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		name = prefix + strings.Join(m[1:], "")
		if value = strings.TrimSpace(value); !isPair {
			value = strings.Join(m[1:], "") // {order} in JavaScript
		}
		inner, isObject := strings.CutPrefix(value, "{")
		if word.MatchString(value) {
			if at := assigned(value).FindStringIndex(text); at != nil {
				inner, isObject = text[at[1]:], true
			}
		}
		switch {
		case isObject && depth < maxNested:
			names = append(names, keysIn(text, inner, name+"_", depth+1)...)
		case !isObject && !isStructured(text, value):
			names = append(names, name)
		}
	}
	return names
}

// isStructured reports whether a value, or what a variable is when it is one, is neither a text nor a number.
func isStructured(text, value string) bool {
	if !word.MatchString(value) {
		return structured.MatchString(value)
	}
	is := regexp.MustCompile(`(?m)\b` + value + `\s*=\s*(?:await\s+)?([^\n;=][^\n;]*)`).FindStringSubmatch(text)
	return is != nil && structured.MatchString(strings.TrimSpace(is[1]))
}

// items are the parts of a list up to its closing bracket, separated by commas that are in no further bracket.
func items(text string) []string {
	var list []string
	depth, begin := 0, 0
	for i, c := range text {
		switch c {
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			depth--
		}
		if depth < 0 || depth == 0 && c == ',' {
			list = append(list, text[begin:i])
			begin = i + 1
		}
		if depth < 0 {
			return list
		}
	}
	return nil
}

// unique are the names without repetitions and without those that are left out.
func unique(names []string, leftOut func(string) bool) []string {
	var kept []string
	for _, name := range names {
		if name != "" && !leftOut(name) && !slices.Contains(kept, name) {
			kept = append(kept, name)
		}
	}
	return kept
}

// known are parameters that mean something of the contact, by a word of their name.
var known = []struct {
	word, reference string
}{
	{word: "phone", reference: "$.CustomerEndpoint.Address"},
	{word: "caller", reference: "$.CustomerEndpoint.Address"},
	{word: "customer_number", reference: "$.CustomerEndpoint.Address"},
	{word: "contact_id", reference: "$.ContactId"},
	{word: "language", reference: "$.LanguageCode"},
}

// referenceFor is what a flow passes as a parameter of that name, unless the user says otherwise.
func referenceFor(name string) string {
	lower := strings.ToLower(name)
	for _, k := range known {
		if strings.Contains(lower, k.word) || strings.Contains(lower, strings.ReplaceAll(k.word, "_", "")) {
			return k.reference
		}
	}
	return "$.Attributes." + name
}

// resultText says the first of the keys that a function returns, "" when none are known.
func resultText(language string, keys []string) string {
	keys = keys[:min(len(keys), 3)]
	var sentences, values []string
	for _, key := range keys {
		sentences = append(sentences, "Your "+inWords(key)+" is $.External."+key+".")
		values = append(values, "$.External."+key)
	}
	switch {
	case len(keys) == 0:
		return ""
	case async.PrimaryLanguage(language) == "de":
		return "Ihr Ergebnis ist " + strings.Join(values, ", ") + "."
	case async.PrimaryLanguage(language) == "es":
		return "Su resultado es " + strings.Join(values, ", ") + "."
	}
	return strings.Join(sentences, " ")
}

var capital = regexp.MustCompile(`([a-z])([A-Z])`)

// inWords is a key as it is said: deliveryDate and delivery_date are "delivery date".
func inWords(key string) string {
	return strings.ToLower(strings.ReplaceAll(capital.ReplaceAllString(key, "$1 $2"), "_", " "))
}
