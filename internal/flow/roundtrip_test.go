package flow_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/connect-async/connect-async/internal/flow"
)

// throughJSON writes a contact as JSON and restores it, as a driver that keeps contacts elsewhere would.
func throughJSON(t *testing.T, f *flow.Flow, flows map[string]*flow.Flow) func(*flow.Contact) *flow.Contact {
	return func(c *flow.Contact) *flow.Contact {
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		restored, err := flow.Restore(text, f, flows)
		if err != nil {
			t.Fatal(err)
		}
		return restored
	}
}

func TestOriginalContactContinuesAfterJSON(t *testing.T) {
	recorded := readTimelines(t)
	f := readOriginalFlow(t)
	for _, want := range recorded.Timelines {
		plain := &original{recorded: recorded, want: want, flow: f}
		first := plain.play(t)
		second := (&original{recorded: recorded, want: want, flow: f}).driver(t)
		second.between = throughJSON(t, f, nil)
		second.play()
		if a, b := transcript(first), transcript(second); a != b {
			t.Errorf("%s: the course differs after JSON:\n%s\n%s", want.Name, a, b)
		}
	}
}

// transcript writes all commands of a play.
func transcript(d *driver) string {
	text := ""
	for _, c := range d.commands {
		switch k := c.command.(type) {
		case flow.Enter:
			text += fmt.Sprintf("%v enter %s\n", c.at, k.Action.Identifier)
		case flow.Take:
			text += fmt.Sprintf("%v take %s %s %s\n", c.at, k.Action.Identifier, k.Branch, k.Cause)
		case flow.InvokeFunction:
			text += fmt.Sprintf("%v invoke %s %s %s\n", c.at, k.ID, k.RequestID, k.Event)
		case flow.Say:
			text += fmt.Sprintf("%v say %s %s%s%s%s\n", c.at, k.ID, k.Text, k.SSML, k.PromptID, k.Media)
		case flow.Finish:
			text += fmt.Sprintf("%v finish %s %s\n", c.at, k.Ending, k.Reason)
		case flow.Note:
			text += fmt.Sprintf("%v note %s %s\n", c.at, k.Code, k.Text)
		case flow.Transfer:
			text += fmt.Sprintf("%v transfer %s %s\n", c.at, k.Kind, k.To)
		default:
			text += fmt.Sprintf("%v %+v\n", c.at, k)
		}
	}
	return text
}
