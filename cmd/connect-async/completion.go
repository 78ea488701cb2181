package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scaffold"
	"github.com/connect-async/connect-async/internal/style"
)

// completer offers values for the word that is being typed.
type completer = cobra.CompletionFunc

// flagCompletions are the completions of flags that take one of a few values, or a file of one kind, by verb and flag.
// Flags that are not here complete to file names.
var flagCompletions = map[string]map[string]completer{
	"build":           {"arch": oneOf("arm64", "amd64")},
	"call":            {"log": oneOf("cloudwatch"), "scenario": filesNamed("yaml", "yml"), "flow": filesNamed("json")},
	"cost":            {"prices": filesNamed("yaml", "yml"), "region": nothing},
	"diff":            {"git": nothing, "instance": nothing, "stage": nothing, "flow": nothing},
	"export testcase": {"queue": nothing},
	"add job":         newFlowCompletions, "init": newFlowCompletions,
	"event":  {"set": nothing, "attribute": nothing, "contact": nothing},
	"invoke": {"dir": folderNames, "event": filesNamed("json"), "server": nothing},
	"lint": {"format": oneOf(lint.Formats...), "explain": ruleNames, "type": oneOf(flowTypes()...),
		"instance": nothing, "stage": nothing},
	"serve": {
		"clock": oneOf(clockReal, clockVirtual, clockManual), "data": folderNames,
		"table": nothing, "export": oneOf(shellPOSIX, shellPowerShell),
	},
	"pull": instanceCompletions, "push": instanceCompletions,
	"state": {
		"level": oneOf(stateLevels...), "format": oneOf(stateFormats...), "check": oneOf("strict", "present", "none"),
		"input": nothing, "mock": nothing, "error": nothing, "cause": nothing, "caused-by": nothing,
		"items": nothing, "variables": nothing, "context": nothing,
	},
	"replay": {"flow": filesNamed("json"), "contact": nothing, "hung-up": nothing, "log-group": nothing,
		"region": nothing, "since": nothing,
		"assumptions": filesNamed("yaml", "yml"), "scenario": filesNamed("yaml", "yml"),
		"report": filesNamed("html"), "svg": filesNamed("svg")},
	"standin": {"from": filesNamed("json")},
	"verify": {
		"name": nothing, "stage": nothing, "instance": nothing, "event": filesNamed("json"),
		"format": oneOf(verifyFormats...),
	},
}

// instanceCompletions are those of the verbs that ask an instance.
var instanceCompletions = map[string]completer{"instance": nothing, "stage": nothing, "flow": nothing}

// newFlowCompletions are those of the verbs that write a new flow.
var newFlowCompletions = map[string]completer{
	"style": oneOf(project.Styles()...), "language": oneOf(style.Languages()...),
	"as": oneOf(scaffold.AsFlow, scaffold.AsModule), "event": filesNamed("json"), "runtime": nothing, "voice": nothing,
	"say": nothing, "parameter": nothing, "text": nothing, "prompt": nothing, "then": nothing, "on-failure": nothing,
	"on-giving-up": nothing, "handler": nothing,
}

// argumentCompletions are the completions of what follows the verb.
var argumentCompletions = map[string]completer{
	"call": folderNames, "event": folderNames, "generate": folderNames, "init": folderNames,
	"invoke": functionNames, "serve": folderNames,
	"pull": folderNames, "push": folderNames,
	"verify": folderNames, "export testcase": filesNamed("yaml", "yml"),
}

// addCompletions gives the verbs below a command their completions.
func addCompletions(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		name := strings.TrimPrefix(cmd.CommandPath(), "connect-async ")
		for flag, complete := range flagCompletions[name] {
			if err := cmd.RegisterFlagCompletionFunc(flag, complete); err != nil {
				panic(err) // the table names a flag that the verb does not have
			}
		}
		if complete := argumentCompletions[name]; complete != nil {
			cmd.ValidArgsFunction = complete
		}
		addCompletions(cmd)
	}
}

func oneOf(values ...string) completer {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

func filesNamed(extensions ...string) completer {
	return cobra.FixedCompletions(extensions, cobra.ShellCompDirectiveFilterFileExt)
}

func folderNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

func nothing(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveNoFileComp
}

func ruleNames(*cobra.Command, []string, string) (names []string, _ cobra.ShellCompDirective) {
	for _, r := range lint.Rules() {
		names = append(names, cobra.CompletionWithDesc(r.ID, r.Summary))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// functionNames offers the functions of the project that --dir names, and then folders.
func functionNames(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	p, _ := project.ReadFunctions(cmd.Flag("dir").Value.String())
	if p == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return invocable(p), cobra.ShellCompDirectiveNoFileComp
}

// flowTypes are the types of flows as the API calls them.
func flowTypes() (names []string) {
	for _, t := range []flowlang.Type{
		flowlang.ContactFlow, flowlang.CustomerQueue, flowlang.CustomerHold, flowlang.CustomerWhisper,
		flowlang.AgentHold, flowlang.AgentWhisper, flowlang.OutboundWhisper, flowlang.AgentTransfer,
		flowlang.QueueTransfer, flowlang.Campaign, flowlang.Module,
	} {
		names = append(names, string(t))
	}
	return names
}
