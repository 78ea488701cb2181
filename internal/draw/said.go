package draw

import (
	"cmp"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"github.com/connect-async/connect-async/internal/flowdiff"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// shown are the parameters that say most about an action; the first that it has is shown.
var shown = []string{
	"Text", "SSML", "PromptId", "ComparisonValue", "LambdaFunctionARN", "FlowModuleId", "ContactFlowId", "QueueId",
	"LexV2Bot", "LexBot", "ViewResource", "LoopCount", "TimeLimitSeconds", "HoursOfOperationId",
}

// said is what a block shows of its action: what it says, or else what it is about.
func said(a *flowlang.Action) string {
	for _, name := range shown {
		if text := a.Text(name); text != "" {
			return text
		}
	}
	for _, name := range []string{"Attributes", "FlowAttributes", "EventHooks"} {
		var keys []string
		for _, m := range a.Param(name).Entries() {
			keys = append(keys, m.Key)
		}
		if len(keys) > 0 {
			return strings.Join(keys, ", ")
		}
	}
	return ""
}

// called is what a text of an action is called when it is the ID or ARN of a thing: as in the console, or by the part
// of its ARN that tells it from others in the instance. Every other text stays as it is.
func called(f *flowlang.Flow, a *flowlang.Action, text string) string {
	for _, identity := range a.Identities() {
		if _, isPlaceholder := flowlang.ReadPlaceholder(text); identity.Node.Str() != text || isPlaceholder {
			continue
		}
		_, inInstance, _ := strings.Cut(text, ":instance/")
		_, thing, _ := strings.Cut(inInstance, "/")
		return cmp.Or(f.Title(a, identity), thing, text)
	}
	return text
}

// oneLine is a text with every run of white space as one space.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// names are what a block is called, and what stands below: its identifier and the console's name of its type. Of an
// identifier that the console made, only the beginning is of use.
func names(a *flowlang.Action) (title, below string) {
	block := a.Type
	if a.Kind != nil {
		block = cmp.Or(a.Kind.Block, a.Type)
	}
	if name := flowdiff.Name(a.Identifier, ""); name != a.Identifier {
		return block, name
	}
	return a.Identifier, block
}

// Printable is a text without what could disturb where it is shown, a terminal or an image: control characters, bytes
// that are not text, and characters that reverse the order of others.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r) && !isDirectionMark(r):
			return unicode.ReplacementChar
		}
		return r
	}, strings.ReplaceAll(text, "\r\n", "\n"))
}

// isDirectionMark reports whether a character only says which direction its neighbours have, as texts in Arabic and
// Hebrew do: they need it, and it hides nothing.
func isDirectionMark(r rune) bool { return r == '\u200E' || r == '\u200F' || r == '\u061C' }

// cut is the beginning of a text that fits into a number of columns.
func cut(text string, columns int) string {
	return ansi.Truncate(Printable(oneLine(text)), columns, "…")
}

// wrapped is the beginning of a text, in lines.
func wrapped(text string, columns, most int) []string {
	if text = Printable(oneLine(text)); text == "" {
		return nil
	}
	lines := strings.Split(ansi.Wrap(text, columns, " -/:"), "\n")
	if len(lines) > most {
		lines[most-1] = cut(lines[most-1]+" "+lines[most], columns)
		lines = lines[:most]
	}
	return lines
}
