package flow_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// throughJSON writes a contact as JSON and restores it, as a driver that keeps contacts elsewhere would. It goes on
// with a clone of what was restored, which must stay as it was.
func throughJSON(t *testing.T, f *flow.Flow, flows map[string]*flow.Flow) func(*flow.Contact) *flow.Contact {
	written := func(c *flow.Contact) string {
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var kept *flow.Contact
	was := ""
	return func(c *flow.Contact) *flow.Contact {
		if kept != nil && written(kept) != was {
			t.Fatalf("the clone has changed what it was made of:\n%s\n%s", was, written(kept))
		}
		text := written(c)
		restored, err := flow.Restore([]byte(text), f, flows)
		if err != nil {
			t.Fatal(err)
		}
		kept, was = restored, text
		return restored.Clone()
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

// transcript is what a play asked for, as text. Actions are named; their places in the document do not count.
func transcript(d *driver) string {
	var b strings.Builder
	for _, c := range d.commands {
		fmt.Fprintf(&b, "%v %T", c.at, c.command)
		fields := reflect.ValueOf(c.command)
		for i := range fields.NumField() {
			switch v := fields.Field(i).Interface().(type) {
			case *flow.Flow:
			case *flowlang.Action:
				if v != nil {
					fmt.Fprintf(&b, " %q", v.Identifier)
				}
			case json.RawMessage:
				fmt.Fprintf(&b, " %s", v)
			default:
				fmt.Fprintf(&b, " %+v", v)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
