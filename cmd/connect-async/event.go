package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// sampleContact is the id of the contact whose events are printed. It is always the same, so that a check finds what a
// start has started.
const sampleContact = "00000000-0000-4000-8000-00000000c0de"

// eventOptions are the flags of `event`.
type eventOptions struct {
	dir        string
	contact    string
	set        []string
	attributes []string
}

func newEvent(t *terminal) *cobra.Command {
	var o eventOptions
	cmd := &cobra.Command{
		Use:   "event [DIR]",
		Short: "Print an event as Amazon Connect sends it, to begin with",
		Long: `Print an event as the Lambda block of a contact flow sends it: one to edit, or to pass to invoke.

The caller is that of the project's scenario, DIR being a folder with a ` + project.FileName + `, by default the
current one; without a project it is anybody. The parameters begin with action=run, for the async function: the same
event starts the work and then asks how it stands. It is always the same contact, unless --contact says otherwise.
Parameters that your flow passes are given with --set.`,
		Example: "  connect-async event > event.json\n" +
			"  connect-async event --set order=1234 | connect-async invoke balance --event -\n" +
			"  connect-async event --set action=cancel | connect-async invoke async --event -",
		Args: atMost(1),
		RunE: func(_ *cobra.Command, args []string) error {
			o.dir = folderOf(args)
			return o.run(t, len(args) == 1)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&o.set, "set", nil, "parameter of the block, as NAME=VALUE; an empty value leaves it out")
	flags.StringArrayVar(&o.attributes, "attribute", nil, "contact attribute, as NAME=VALUE")
	flags.StringVar(&o.contact, "contact", sampleContact, "id of the contact")
	return cmd
}

func (o eventOptions) run(t *terminal, named bool) error {
	given, parameters, found := o.defaults(named)
	if err := report(t.err, found); err != nil {
		return err
	}
	caller := given.Callers[0]
	attributes := map[string]string{}
	for name, value := range caller.Attributes {
		attributes[name] = value
	}
	if err := setPairs(attributes, "--attribute", o.attributes); err != nil {
		return err
	}
	if err := setPairs(parameters, "--set", o.set); err != nil {
		return err
	}
	event := flow.FunctionEvent(flow.Options{
		ContactID: o.contact, Channel: caller.Channel, CustomerNumber: caller.Number, Attributes: attributes,
		Assumptions: &given.Assumptions,
	}, parameters)
	var indented bytes.Buffer
	if err := json.Indent(&indented, event, "", "  "); err != nil {
		return err
	}
	fmt.Fprintln(t.data, indented.String())
	return nil
}

// defaults are the scenario of the project, if there is one, and the parameters to begin with: of several jobs the
// first.
func (o eventOptions) defaults(named bool) (scenario.Scenario, map[string]string, source.Findings) {
	parameters := map[string]string{async.ParamAction: async.ActionRun}
	p, found := readOptionalProject(o.dir, named)
	if p == nil {
		return scenario.Default(), parameters, found
	}
	if len(p.Jobs) > 1 {
		parameters[async.ParamJob] = p.Jobs[0].Name
	}
	given, more := projectScenario(p)
	return given, parameters, append(found, more...)
}

// setPairs adds the NAME=VALUE pairs of a flag; an empty value removes the name.
func setPairs(values map[string]string, flag string, pairs []string) error {
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return usage("%s is %q; write NAME=VALUE.", flag, pair)
		}
		if values[name] = value; value == "" {
			delete(values, name)
		}
	}
	return nil
}
