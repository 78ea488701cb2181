package project

import (
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/form"
)

// Deploy is the section deploy of a project file: what is created, where there is a choice. What differs between
// environments is not here; every export has it as variables.
type Deploy struct {
	Connect             bool   // permission and association of the instance, and the managed flows
	Alarms              bool   // alarms and a dashboard
	Architecture        string // arm64 or x86_64
	MemoryMB            int    // of the async function
	LogRetentionDays    int
	Input               string   // event or minimal: what of the event the execution gets
	OwnContactOnly      bool     // only the contact that started an execution may check it
	ExecutionName       string   // name or uuid: what execution.name in the execution's input is
	Parameters          string   // short or prefixed: which parameters of the protocol are data
	Releases            string   // ReleasesLatest or ReleasesAlias: what of the async function the flows invoke
	ReadOnly            []string // ARNs of state machines whose executions are checked only
	FIPS                bool     // the async function uses AWS's FIPS endpoints
	Tracing             bool     // by X-Ray, of the async function and the state machines
	Encryption          bool     // with a customer managed key
	RoleARN             string   // a role for the async function, instead of one that is created
	EndsRoleARN         string   // the same for the function for ends
	StateMachineRoleARN string   // a role for the state machines, instead of those that are created
	RolePath            string   // of the roles that are created
	RolePrefix          string   // of their names
	Tags                []Tag    // of everything that can have tags
	KeepLogs            bool     // log groups stay when everything else is removed
	ProtectTable        bool     // nobody can delete the results table
}

// PrefixedNames reports whether the short names of the async function's parameters are data of the wrapped functions.
func (d Deploy) PrefixedNames() bool { return d.Parameters == async.NamesPrefixed }

// Tag is one tag.
type Tag struct{ Key, Value string }

// retentions are the days that CloudWatch Logs takes (PutRetentionPolicy, API reference).
var retentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
	3288, 3653}

// Retentions are the days for which CloudWatch Logs can keep a log.
func Retentions() []int { return slices.Clone(retentions) }

func standardDeploy() Deploy {
	return Deploy{
		Connect: true, Alarms: true, Architecture: "arm64", MemoryMB: awsfacts.MinMemoryMB, LogRetentionDays: 30,
		Input: string(async.InputEvent), ExecutionName: async.ExecutionNameReal, Parameters: async.NamesShort,
		RolePath: "/", Releases: ReleasesLatest,
	}
}

var deployFields = form.Fields[Deploy]{
	form.At("connect", "create the permission and association of the Connect instance, and the managed flows",
		func(d *Deploy) *bool { return &d.Connect }, form.Bool()),
	form.At("alarms", "create alarms, a dashboard and queries for the log; docs/runbook.md says what each alarm means",
		func(d *Deploy) *bool { return &d.Alarms }, form.Bool()),
	form.At("tracing", "X-Ray traces of the async function and the state machines, with the rights to write them",
		func(d *Deploy) *bool { return &d.Tracing }, form.Bool()),
	form.At("architecture", "of the async function", func(d *Deploy) *string { return &d.Architecture },
		form.OneOf("arm64", "x86_64")),
	form.At("memory_mb", "memory of the async function in MB; the default of a variable of the export",
		func(d *Deploy) *int { return &d.MemoryMB }, form.Whole[int](awsfacts.MinMemoryMB, awsfacts.MaxMemoryMB)),
	form.At("log_retention_days", "for how many days logs are kept; the default of a variable of the export",
		func(d *Deploy) *int { return &d.LogRetentionDays },
		form.OneOfNumbers("CloudWatch Logs cannot keep logs for %d days", retentions...)),
	form.At("input", "what the wrapped function gets. event: the whole event of Connect. minimal: the flow's "+
		"parameters and the ids of the contact only", func(d *Deploy) *string { return &d.Input },
		form.OneOf(string(async.InputEvent), string(async.InputMinimal))),
	form.At("own_contact_only", "only the contact that started an execution may check it",
		func(d *Deploy) *bool { return &d.OwnContactOnly }, form.Bool()),
	form.At("execution_name", "what the wrapped function finds as execution.name. name: the name of the execution. "+
		"uuid: a UUID, as the original's did", func(d *Deploy) *string { return &d.ExecutionName },
		form.OneOf(async.ExecutionNameReal, async.ExecutionNameUUID)),
	form.At("parameters", "which parameters of a flow are the async function's. short: request, select and the like. "+
		"prefixed: those that begin with sfn_, for flows that send the short names to their function",
		func(d *Deploy) *string { return &d.Parameters }, form.OneOf(async.NamesShort, async.NamesPrefixed)),
	form.At(async.MachineReadOnly, "ARNs of state machines whose executions may only be checked, for contacts that "+
		"began with another function", func(d *Deploy) *[]string { return &d.ReadOnly }, machinesForm).
		Example("[arn:aws:states:us-east-1:111122223333:stateMachine:old]"),
	form.At("releases", "what of the async function the flows invoke. latest: what was deployed last. alias: "+
		"the alias "+AsyncAlias+" of its published versions, so that a release can be shifted by weights and taken "+
		"back",
		func(d *Deploy) *string { return &d.Releases }, form.OneOf(ReleasesLatest, ReleasesAlias)),
	form.At("fips", "use AWS's FIPS endpoints, in the Regions that have them",
		func(d *Deploy) *bool { return &d.FIPS }, form.Bool()),
	form.At("encryption", "encrypt data at rest with a customer managed key, which is a variable of the export",
		func(d *Deploy) *bool { return &d.Encryption }, form.Bool()),
	form.At("role_arn", "a role that you made for the async function",
		func(d *Deploy) *string { return &d.RoleARN }, roleForm).Otherwise("one is created").
		Example("arn:aws:iam::111122223333:role/async"),
	form.At("ends_role_arn", "a role that you made for the function that writes ends into the results table",
		func(d *Deploy) *string { return &d.EndsRoleARN }, roleForm).Otherwise("one is created"),
	form.At("state_machine_role_arn", "a role that you made for all state machines",
		func(d *Deploy) *string { return &d.StateMachineRoleARN }, roleForm).Otherwise("one is created for each"),
	form.At("role_path", "the path of the roles that are created", func(d *Deploy) *string { return &d.RolePath },
		rolePathForm).Example("/teams/voice/"),
	form.At("role_prefix", "what the names of the roles that are created begin with",
		func(d *Deploy) *string { return &d.RolePrefix }, rolePrefixForm).Example("voice-"),
	form.At("tags", "tags of everything that takes tags", func(d *Deploy) *[]Tag { return &d.Tags },
		tagsForm).Example("{team: voice}"),
	form.At("keep_logs", "leave the log groups when the deployment is removed",
		func(d *Deploy) *bool { return &d.KeepLogs }, form.Bool()),
	form.At("protect_table", "protect the results table from being deleted: removing the deployment stops there until "+
		"this is off again", func(d *Deploy) *bool { return &d.ProtectTable }, form.Bool()),
	form.Elsewhere[Deploy]("expected_callers", "has moved to callers at the top level of the file; still accepted here",
		CallersForm()),
}

// machinesForm is that of ARNs of state machines.
var machinesForm = form.CheckedTexts(func(written string) (message, remedy string) {
	if async.IsStateMachineARN(written) {
		return "", ""
	}
	return fmt.Sprintf("%q is not the ARN of a state machine", written),
		"Write arn:aws:states:REGION:ACCOUNT:stateMachine:NAME."
})
