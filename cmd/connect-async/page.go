package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/page"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// pageOptions are the flags of `page`.
type pageOptions struct {
	dir      string
	port     int
	scenario string // to begin with, "" for the project's
	prices   priceOptions
}

func newPage(t *terminal) *cobra.Command {
	var o pageOptions
	cmd := &cobra.Command{
		Use:   "page [DIR]",
		Short: "Show calls on a local web page, where you can be the caller",
		Long: `Show the calls of a project on a web page of this machine: the flow as it is walked, and what the caller
hears on a time axis, with every silence. On the page you can be the caller: press keys, speak, hang up, make a function
slow, and save what you did as a scenario. Or play many callers at once, as load does, with its plots.

DIR is a folder with a ` + project.FileName + `, by default the current one, or a project file of another name. Open the
address that is printed in a browser on this machine. It holds a key: nobody without it sees the page. Texts hold
callers' data, which stays on this machine.

Calls are played on virtual time with the scenario's stand-ins, at any speed, or in real time with the real functions.`,
		Example: "  connect-async page examples/balance",
		Args:    atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = folderOf(args)
			return o.run(cmd.Context(), t)
		},
	}
	cmd.Flags().IntVar(&o.port, "port", 0, "port of the page; 0 means any free one")
	o.prices.add(cmd.Flags(), "Region, for the price of telephony")
	return cmd
}

// run serves the page until ctx is done.
func (o pageOptions) run(ctx context.Context, t *terminal) error {
	p, found := project.Read(o.dir)
	if err := report(t.err, found); err != nil || p == nil {
		return err
	}
	prices, err := o.prices.read(t)
	if err != nil {
		return err
	}
	listener, err := listen(o.port, "--port")
	if err != nil {
		return err
	}
	defer listener.Close()
	server := page.NewServer(listener, page.Options{
		Project: o.dir, Scenario: o.scenario,
		Call:    call.Options{Prices: prices, Verdict: lint.Publishing, Remote: connectRemote},
		Lint:    o.lint,
		Load:    o.load,
		Version: o.version,
	})
	fmt.Fprintf(t.out, "Open %s\nStop with Ctrl-C.\n", server.Address())
	if err := server.Serve(ctx); err != nil {
		return failure{code: exitFault, text: fmt.Sprintf("connect-async: %v", err)}
	}
	return nil
}

// lint finds what is wrong with the flows of the project.
func (o pageOptions) lint() source.Findings {
	paths := []string{o.dir}
	var found source.Findings
	for _, f := range newLintInput(paths, workspace.Find(paths), "").run() {
		found = append(found, f.Finding)
	}
	return found
}

// version is another text when a file has changed that decides how calls are played.
func (o pageOptions) version() string {
	watching := testOptions{paths: []string{o.dir}}
	h := fnv.New64()
	fmt.Fprint(h, watching.stamps(watching.watched())) // maps are printed in the order of their keys
	return strconv.FormatUint(h.Sum64(), 36)
}
