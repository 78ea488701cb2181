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

// plain is a text without control characters, and without those that turn the order of others round.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) || unicode.IsControl(r) && r != '\n' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// cut is the beginning of a text that fits into a number of columns.
func cut(text string, columns int) string { return ansi.Truncate(plain(oneLine(text)), columns, "…") }

// wrapped is the beginning of a text, in lines.
func wrapped(text string, columns, most int) []string {
	if text = plain(oneLine(text)); text == "" {
		return nil
	}
	lines := strings.Split(ansi.Wrap(text, columns, " -/:"), "\n")
	if len(lines) > most {
		lines[most-1] = cut(lines[most-1]+" "+lines[most], columns)
		lines = lines[:most]
	}
	return lines
}
