package scenario

import (
	"encoding/json"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/source"
)

var changeFields = fields[Change]{
	at("at", "the time after the call began from which it counts",
		func(c *Change) *time.Duration { return &c.At }, duration()),
	at("functions", "what a function does differently, by its name; what is left out is as usual",
		func(c *Change) *map[string]local.Alteration { return &c.Functions },
		named(objectItem(alterationFields, zero, nil))),
	at("world", "what turns out differently, by the same names as under world",
		func(c *Change) *flow.World { return &c.World }, object(worldFields[:3])),
	at("faults", "all that goes wrong at AWS from then on; []: nothing does",
		func(c *Change) *[]local.Fault { return &c.Faults }, presentList(faultItem)),
}

var alterationFields = fields[local.Alteration]{
	at("takes", "how long it takes; a function that really runs takes at least as long",
		func(a *local.Alteration) **time.Duration { return &a.Takes }, limit()),
	at("returns", "what the function returns",
		func(a *local.Alteration) *json.RawMessage { return &a.Payload }, anything()),
	failure(func(a *local.Alteration) *string { return &a.Error },
		func(a *local.Alteration) *string { return &a.Message }),
	at("throttled", "Lambda refuses the invocation",
		func(a *local.Alteration) *bool { return &a.Throttled }, truth()),
}

// presentList is a list for which it matters whether it is there: an empty one is not nil.
func presentList[V any](each item[V]) form[[]V] {
	f := list(each)
	read := f.read
	f.read = func(file file, in *source.Reader, key string, to *[]V) {
		if in.Node(key) != nil {
			*to = []V{}
		}
		read(file, in, key, to)
	}
	return f
}

func checkChange(in *source.Reader, node *source.Node, c Change) {
	if c.IsNothing() {
		in.Report(source.CodeBadValue, node.Pos, "nothing changes here",
			"Name what changes: `functions`, `world` or `faults`.")
	}
}
