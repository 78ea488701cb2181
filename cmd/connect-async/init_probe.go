package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/replay"
	"github.com/connect-async/connect-async/internal/source"
)

// uselessWithProbe is a flag that was given and has no effect on the probes, "" when there is none.
func uselessWithProbe(cmd *cobra.Command) (name string) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch f.Name {
		case "probe", "function", "force":
		default:
			name = f.Name
		}
	})
	return name
}

// probe writes the probe flows.
func (o initOptions) probe(t *terminal) error {
	if _, ok := arn.FunctionName(o.project.Function); o.project.Function != "" && !ok {
		return usage("--function is %q; the probes need the ARN of a function, such as "+
			"arn:aws:lambda:eu-west-2:444455556666:function:%s.", o.project.Function, replay.ProbeFunction)
	}
	probes, err := replay.Probes(o.project.Function)
	if err != nil {
		return failure{code: exitFault, text: err.Error()}
	}
	var files []manifest.File
	for _, p := range probes {
		files = append(files, manifest.File{Name: p.File, Content: p.Text})
	}
	if err := o.writeAll(t, "init", files); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "\nNext: %s says how to call the flows and what to do with their log.\n",
		pathOf(o.project.Dir, "README.md"))
	if o.project.Function == "" {
		fmt.Fprintf(t.out, "The flows name a function in an account of AWS's documentation; "+
			"with the ARN of yours they are ready:\n"+
			"  connect-async init %s --probe --function ARN --force\n", source.Argument(o.project.Dir))
	}
	return nil
}
