package scenario

import (
	"encoding/json"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/source"
)

var changeFields = form.Fields[Change]{
	form.At("at", "when the change begins, after the beginning of the scenario",
		func(c *Change) *time.Duration { return &c.At }, form.Duration()).Otherwise("from the beginning").Example("8s"),
	form.At("functions", "what a function does differently, by its name; what is left out is as usual",
		func(c *Change) *map[string]local.Alteration { return &c.Functions },
		form.Named("FUNCTION", form.Entry(alterationFields, form.Zero, nil))),
	form.At("world", "what turns out differently, by the same names as under world",
		func(c *Change) *flow.World { return &c.World }, form.Object(worldFields[:3])),
	form.At("faults", "all that goes wrong at AWS from then on; []: nothing does",
		func(c *Change) *[]local.Fault { return &c.Faults }, presentList(faultItem)).Otherwise("as before"),
}

var alterationFields = form.Fields[local.Alteration]{
	form.At("takes", "how long the function takes; one that really runs takes at least as long",
		func(a *local.Alteration) **time.Duration { return &a.Takes }, form.Limit()).Otherwise("as usual").
		Example("30s"),
	form.At("returns", "what the function returns: any value",
		func(a *local.Alteration) *json.RawMessage { return &a.Payload }, anything()).Otherwise("as usual"),
	failure(func(a *local.Alteration) *string { return &a.Error },
		func(a *local.Alteration) *string { return &a.Message }),
	form.At("throttled", "Lambda refuses the invocation",
		func(a *local.Alteration) *bool { return &a.Throttled }, form.Bool()),
}

// presentList is a list for which it matters whether it is there: an empty one is not nil.
func presentList[V any](each form.Item[V]) form.Form[[]V] {
	list := form.List(each)
	read := list.Read
	list.Read = func(f form.File, in *source.Reader, key string, to *[]V) {
		if in.Node(key) != nil {
			*to = []V{}
		}
		read(f, in, key, to)
	}
	return list
}

func checkChange(in *source.Reader, m source.Member, c *Change) {
	if c.IsNothing() {
		in.Report(source.CodeBadValue, m.Pos, "nothing changes here",
			"Name what changes: `functions`, `world` or `faults`.")
	}
}
