package scaffold

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// plainYAML are texts that need no quotes in YAML, wherever they are written.
var plainYAML = regexp.MustCompile(`^(\.\.?/)*\.?[A-Za-z$/][A-Za-z0-9_$/.+-]*( [A-Za-z0-9_$/.+-]+)*$`)

// yamlText writes a text in YAML, in quotes where it could be taken for anything else.
func yamlText(text string) string {
	words := []string{"true", "false", "yes", "no", "on", "off", "null", "y", "n", ".inf", ".nan"}
	isWord := slices.Contains(words, strings.ToLower(text))
	switch {
	case plainYAML.MatchString(text) && !isWord:
		return text
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 }):
		return jsonText(text)
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// jsonText writes a text, or a map of texts, as JSON, with < and > as they are.
func jsonText(value any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(value) // which texts always do
	return strings.TrimSuffix(b.String(), "\n")
}

// keysOf are the keys of a map in order.
func keysOf(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// nexts are where the flow continues.
func (s Says) nexts() ([]nextKey, error) {
	var list []nextKey
	for _, n := range []struct{ key, value string }{
		{key: "then", value: s.Then}, {key: "on_failure", value: s.OnFailure},
		{key: "on_giving_up", value: s.OnGivingUp},
	} {
		if n.value == "" {
			continue
		}
		if err := CheckNext(n.value); err != nil {
			return nil, err
		}
		kind, target, _ := strings.Cut(n.value, "=")
		list = append(list, nextKey{Key: n.key, Kind: kind, Target: target})
	}
	return list, nil
}

// CheckNext says what is wrong with a text that says where a flow continues. The error is a source.Finding.
func CheckNext(text string) error {
	kind, target, isPair := strings.Cut(text, "=")
	if text == project.HangUp || isPair && target != "" && (kind == "queue" || kind == "flow") {
		return nil
	}
	return source.Finding{Code: source.CodeBadValue, Severity: source.Error, File: "connect-async",
		Message: fmt.Sprintf("%q is not where a flow can continue", text),
		Remedy:  "Write hang_up, queue=NAME or flow=NAME."}
}
