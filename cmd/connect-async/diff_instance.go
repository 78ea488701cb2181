package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flowdiff"
	"github.com/connect-async/connect-async/internal/instance"
)

// flowDiff is how a flow here differs from the one in an instance, as JSON.
type flowDiff struct {
	Flow string `json:"flow"`
	File string `json:"file"`
	New  bool   `json:"new"` // the instance does not have it
	flowdiff.Diff
}

// compareWithInstance compares the flows of a folder with what an instance has published.
func (o diffOptions) compareWithInstance(ctx context.Context, t *terminal, args []string) error {
	if len(args) > 1 || o.git != lastCommit || o.svg != "" {
		return usage("a comparison with an instance takes one folder at most, and neither --git nor --svg.")
	}
	o.instance.dir = folderOf(args)
	c, err := o.instance.open(t)
	if err != nil {
		return err
	}
	flows, err := o.localFlows(t, c)
	if err != nil {
		return err
	}
	if err := c.connect(ctx, t); err != nil {
		return err
	}
	c.sayTime(t, len(flows))
	different := 0
	all := []flowDiff{}
	for _, l := range flows {
		compared, err := c.Compare(ctx, l)
		if err != nil {
			return instanceError(ctx, t, err)
		}
		all = append(all, flowDiff{Flow: l.Name, File: filepath.ToSlash(l.File), New: compared.IsNew,
			Diff: compared.Diff})
		if compared.IsNew || !compared.Same() {
			different++
		}
		if !o.json {
			showComparison(t, c, compared)
		}
	}
	if o.json {
		if err := json.NewEncoder(t.data).Encode(all); err != nil {
			return err
		}
	}
	fmt.Fprintf(t.err, "%d of %s as in %s.\n", len(flows)-different, call.Count(len(flows), "flow"), c.name())
	if different > 0 {
		return failure{code: exitFailed}
	}
	return nil
}

// localFlows are the flows to compare: the one that is named, or all.
func (o diffOptions) localFlows(t *terminal, c *connected) ([]instance.Local, error) {
	if o.flow != "" {
		l, err := c.localFlow(t, o.flow)
		return []instance.Local{l}, err
	}
	flows, unread := c.localFlows()
	if err := report(t.err, unread); err != nil {
		return nil, err
	}
	if len(flows) == 0 {
		return nil, usage("no flow is here to compare.\nPull some with connect-async pull, or name another folder.")
	}
	return flows, nil
}

// showComparison prints how a flow here differs from what is published, nothing when it does not.
func showComparison(t *terminal, c *connected, compared instance.Comparison) {
	file := filepath.ToSlash(compared.Local.File)
	switch {
	case compared.IsNew:
		fmt.Fprintf(t.out, "%s (%s) is not in %s.\n", compared.Local.Name, file, c.name())
	case !compared.Same():
		fmt.Fprintf(t.out, "%s (%s) in %s:\n", compared.Local.Name, file, c.name())
		_ = compared.Write(t.out) // to a terminal
	}
}
