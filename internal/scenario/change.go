package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/local"
)

// Change is what is different from a time on. What it does not name stays as it is.
type Change struct {
	At        time.Duration               // after the scenario began
	Functions map[string]local.Alteration // by name; the zero Alteration: the function does as usual again
	World     flow.World                  // only Outcomes, Metrics and Intents
	Faults    []local.Fault               // all that go wrong from now on; nil: those that did before
}

// String says what changes, without what a function returns or the message of its error.
func (c Change) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(c.Functions)) {
		parts = append(parts, name+" "+alterationWords(c.Functions[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(c.World.Outcomes)) {
		parts = append(parts, name+": "+outcomeWords(c.World.Outcomes[name]))
	}
	for _, values := range []map[string]string{c.World.Metrics, c.World.Intents} {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			parts = append(parts, name+": "+values[name])
		}
	}
	if c.Faults != nil && len(c.Faults) == 0 {
		parts = append(parts, "no faults at AWS")
	}
	for _, f := range c.Faults {
		parts = append(parts, faultWords(f))
	}
	return strings.Join(parts, "; ")
}

func alterationWords(a local.Alteration) string {
	var parts []string
	if a.Takes != nil {
		parts = append(parts, "takes "+form.Spell(*a.Takes))
	}
	if a.Payload != nil {
		parts = append(parts, "returns something else")
	}
	if a.Error != "" {
		parts = append(parts, "fails with "+a.Error)
	}
	if a.Throttled {
		parts = append(parts, "is throttled")
	}
	if len(parts) == 0 {
		return "does as usual"
	}
	return strings.Join(parts, ", ")
}

func outcomeWords(outcomes []flow.Outcome) string {
	var parts []string
	for _, o := range outcomes {
		words := strings.TrimSpace(o.Result + " " + o.Error)
		if words == "" {
			words = "success"
		}
		if o.Takes > 0 {
			words += " after " + form.Spell(o.Takes)
		}
		parts = append(parts, words)
	}
	return strings.Join(parts, ", then ")
}

func faultWords(f local.Fault) string {
	words := strings.TrimSpace(string(f.Service) + " " + f.Operation)
	switch {
	case f.Error != "":
		return fmt.Sprintf("%s: %s", words, f.Error)
	case f.LoseReply:
		return words + ": the reply is lost"
	}
	return fmt.Sprintf("%s: takes %s longer", words, form.Spell(f.Takes))
}

// IsNothing reports whether nothing changes.
func (c Change) IsNothing() bool {
	return len(c.Functions) == 0 && len(c.World.Outcomes) == 0 && len(c.World.Metrics) == 0 &&
		len(c.World.Intents) == 0 && c.Faults == nil
}
