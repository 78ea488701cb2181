package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/connect-async/connect-async/internal/source"
)

// onlyVerbs refuses whatever is not a verb of a command that has nothing but verbs, and names the nearest ones.
func onlyVerbs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("unknown command %q for %q", args[0], cmd.CommandPath())
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return fmt.Errorf(`%s; did you mean "%s"?`, text, strings.Join(near, `" or "`))
	}
	var names []string
	for _, verb := range cmd.Commands() {
		if verb.IsAvailableCommand() {
			names = append(names, verb.Name())
		}
	}
	return fmt.Errorf("%s\nThere are: %s.", text, strings.Join(names, ", "))
}

// refuseOtherVerbs makes cobra's own verbs refuse what they do not know: they would print their help and succeed.
func refuseOtherVerbs(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Args = func(_ *cobra.Command, args []string) error {
				about, rest, err := root.Find(args)
				return cmp.Or(err, onlyVerbs(about, rest))
			}
		case "completion":
			cmd.Args = onlyVerbs
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
}

// atMost refuses more arguments than a verb takes.
func atMost(most int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > most {
			return fmt.Errorf("unexpected argument %q", args[most])
		}
		return nil
	}
}

// folderOf is the folder that may be given as the only argument, by default the current one.
func folderOf(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

// oneAndDIR demands one argument, which may be followed by the folder of the project.
func oneAndDIR(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fmt.Errorf("%s is missing", what)
		}
		return atMost(2)(cmd, args)
	}
}

// exactlyOne demands one argument. what says what it is.
func exactlyOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fmt.Errorf("%s is missing", what)
		}
		return atMost(1)(cmd, args)
	}
}

// valueForms are what flags take, by the type that pflag gives them.
var valueForms = map[string]string{
	"bool": "true or false", "duration": "a time span such as 30s", "float64": "a number", "int": "a whole number",
	"int64": "a whole number",
}

// flagError says in a sentence what is wrong with a flag. One that does not exist comes with the nearest that does.
func flagError(cmd *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		f := invalid.GetFlag()
		if form := valueForms[f.Value.Type()]; form != "" {
			return fmt.Errorf("--%s must be %s, but is %q", f.Name, form, invalid.GetValue())
		}
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if near := source.Nearest(unknown.GetSpecifiedName(), names); near != "" {
		return fmt.Errorf("%w; did you mean --%s?", err, near)
	}
	return fmt.Errorf("%w\nThere are: --%s.", err, strings.Join(names, ", --"))
}
