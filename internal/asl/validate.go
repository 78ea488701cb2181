package asl

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/source"
)

// Diagnostic is a finding about a definition with the place as the service names it, such as /States/Wait/Seconds; ""
// when it names none.
type Diagnostic struct {
	source.Finding
	Location string
}

// Validate checks a definition as ValidateStateMachineDefinition does and returns what it would: nothing for a good
// one. What this engine refuses although the service would not, some regular expressions of JSONata, has a code of its
// own.
func Validate(definition []byte, kind Kind) []Diagnostic {
	_, found := ParseDefinition(definition, kind)
	return found
}

// ParseDefinition is Validate, and makes a Machine of the definition; nil when there are errors.
func ParseDefinition(definition []byte, kind Kind) (*Machine, []Diagnostic) {
	doc, found := readDefinition(definition)
	if doc == nil {
		return nil, found
	}
	p := parseMachine(definitionName, doc, kind)
	return p.sound(), p.found
}

// definitionName is what findings about a definition without a file call it.
const definitionName = "definition"

// readDefinition reads the JSON of a definition; nil when it is none.
func readDefinition(definition []byte) (*source.Node, []Diagnostic) {
	if len(bytes.TrimSpace(definition)) == 0 {
		p := &parser{file: definitionName}
		p.report(place{}, codeSchema, notAnObject, "Write an object with StartAt and States.")
		return nil, p.found
	}
	doc, err := source.ParseJSON(definitionName, definition)
	if err != nil {
		return nil, []Diagnostic{syntaxDiagnostic(string(definition), err.(source.Finding))}
	}
	return doc, nil
}

const notAnObject = "Definition must be a valid JSON object"

// syntaxDiagnostic words a syntax error as the service does, which shows the message of its JSON library, Jackson
// (recorded for a word that is no JSON).
func syntaxDiagnostic(definition string, finding source.Finding) Diagnostic {
	message, at := finding.Message, finding.Pos
	if token, end := tokenAt(definition, finding.Pos); token != "" {
		message = fmt.Sprintf("Unrecognized token '%s': was expecting (JSON String, Number, Array, Object or token "+
			"'null', 'true' or 'false')", token)
		at.Column = end
	}
	location := fmt.Sprintf("[Source: (String)%s; line: %d, column: %d]", excerpt(definition), at.Line, at.Column)
	finding.Code = codeJSON
	finding.Message = message + "\n at " + location
	return Diagnostic{Finding: finding, Location: location}
}

// tokenAt returns the word at a place of a text, unless it is a number or a JSON literal, and the column after it.
func tokenAt(definition string, at source.Pos) (token string, end int) {
	lines := strings.Split(definition, "\n")
	if at.Line < 1 || at.Line > len(lines) || at.Column < 1 || at.Column > len(lines[at.Line-1]) {
		return "", 0
	}
	line := lines[at.Line-1]
	start, stop := at.Column-1, at.Column-1
	for start > 0 && isWord(rune(line[start-1])) {
		start--
	}
	for stop < len(line) && isWord(rune(line[stop])) {
		stop++
	}
	token = line[start:stop]
	first, _ := utf8.DecodeRuneInString(token)
	if !unicode.IsLetter(first) || token == "true" || token == "false" || token == "null" {
		return "", 0
	}
	return token, stop + 1
}

func isWord(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// excerpt quotes the beginning of a definition as Jackson does: at most 500 characters.
func excerpt(definition string) string {
	const most = 500
	runes := []rune(definition)
	if len(runes) <= most {
		return `"` + definition + `"`
	}
	return fmt.Sprintf(`"%s"[truncated %d chars]`, string(runes[:most]), len(runes)-most)
}
