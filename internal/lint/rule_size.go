package lint

import (
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/source"
)

var ruleSize = Rule{
	ID: "size", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "The flow has more than 250 actions or 256,000 characters, or a prompt more than 6,000.",
	Why:      "Connect refuses a flow that is too large; a prompt that is too long takes its error branch, and the caller hears nothing.",
	Remedy:   "Move a part into a module or a second flow; split the prompt.",
	Evidence: "API reference, CreateContactFlow; admin guide, service quotas and text to speech.",
	Check:    checkSize,
}

// Limits of a flow and of a prompt.
const (
	maxActions    = 250
	maxCharacters = 256000
	maxPrompt     = 6000
)

func checkSize(p *Pass) {
	if n := len(p.Flow.Actions); n > maxActions {
		p.onFlow(p.Flow.doc.Get("Actions"), "the flow has %d actions; Connect takes %d", n, maxActions)
	}
	if n := p.Flow.characters(); n > maxCharacters {
		p.onFlow(nil, "the flow has %d characters without spaces between values; Connect takes %d", n, maxCharacters)
	}
	for _, a := range p.Flow.Actions {
		for _, name := range []string{"Text", "SSML"} {
			if n := a.param(name); n.Is(source.String) && utf8.RuneCountInString(n.Text) > maxPrompt {
				p.on(a, n, "the prompt has %d characters; %d can be spoken", utf8.RuneCountInString(n.Text), maxPrompt)
			}
		}
	}
}

// characters is how many characters the flow has at least, however it is indented. Below the limit it is not counted exactly.
func (f *Flow) characters() int {
	if f.size > 0 && f.size <= maxCharacters {
		return f.size
	}
	text, err := f.doc.MarshalJSON()
	if err != nil {
		return 0
	}
	return utf8.RuneCount(text)
}
