package deploy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/source"
)

// Settings are the section deploy of a project file: what is created, where the model leaves a choice. What differs
// between environments is not here; every export has it as variables.
type Settings struct {
	Connect             bool   // permission and association of the instance, and the managed flows
	Alarms              bool   // alarms and a dashboard
	Architecture        string // arm64 or x86_64
	MemoryMB            int    // of the async function
	LogRetentionDays    int
	Input               string   // event or minimal: what of the event the execution gets
	OwnContactOnly      bool     // only the contact that started an execution may check it
	ExecutionName       string   // name or uuid: what execution.name in the execution's input is
	Parameters          string   // short or prefixed: which parameters of the protocol are data
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
}

// Tag is one tag.
type Tag struct{ Key, Value string }

// retentions are the days that CloudWatch Logs takes (PutRetentionPolicy, API reference).
var retentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
	3288, 3653}

// ReadSettings reads the section deploy of a project file. A node that is nil gives the defaults.
func ReadSettings(file string, node *source.Node) (Settings, source.Findings) {
	var found source.Findings
	in := source.Read(file, node, &found)
	s := Settings{
		Connect:          in.Bool("connect", true),
		Alarms:           in.Bool("alarms", true),
		Architecture:     in.OneOf("architecture", "arm64", "arm64", "x86_64"),
		MemoryMB:         in.Int("memory_mb", awsfacts.MinMemoryMB, awsfacts.MinMemoryMB, awsfacts.MaxMemoryMB),
		LogRetentionDays: in.Int("log_retention_days", 30, 1, 3653),
		Input: in.OneOf("input", string(async.InputEvent), string(async.InputEvent),
			string(async.InputMinimal)),
		OwnContactOnly: in.Bool("own_contact_only", false),
		ExecutionName: in.OneOf("execution_name", async.ExecutionNameReal, async.ExecutionNameReal,
			async.ExecutionNameUUID),
		Parameters:          in.OneOf("parameters", async.NamesShort, async.NamesShort, async.NamesPrefixed),
		ReadOnly:            in.Strings(async.MachineReadOnly),
		FIPS:                in.Bool("fips", false),
		Tracing:             in.Bool("tracing", false),
		Encryption:          in.Bool("encryption", false),
		RoleARN:             in.String("role_arn", ""),
		EndsRoleARN:         in.String("ends_role_arn", ""),
		StateMachineRoleARN: in.String("state_machine_role_arn", ""),
		RolePath:            in.String("role_path", "/"),
		RolePrefix:          in.String("role_prefix", ""),
	}
	in.Node("expected_callers") // has moved to the project's callers, which project reads
	for _, m := range in.Members("tags") {
		s.Tags = append(s.Tags, Tag{Key: m.Key, Value: m.Value.Str()})
		checkTag(in, m.Pos, s.Tags[len(s.Tags)-1])
	}
	if !slices.Contains(retentions, s.LogRetentionDays) {
		in.Report(source.CodeBadValue, in.Place("log_retention_days"),
			fmt.Sprintf("CloudWatch Logs cannot keep logs for %d days", s.LogRetentionDays),
			"Choose one of "+strings.Trim(fmt.Sprint(retentions), "[]")+".")
	}
	if !strings.HasPrefix(s.RolePath, "/") || !strings.HasSuffix(s.RolePath, "/") {
		in.Report(source.CodeBadValue, in.Place("role_path"), fmt.Sprintf("the role path is %q", s.RolePath),
			"Begin and end it with a slash, such as /teams/voice/.")
	}
	for i, arn := range s.ReadOnly {
		if !async.IsStateMachineARN(arn) {
			in.Report(source.CodeBadValue, in.Node(async.MachineReadOnly).Items[i].Pos,
				fmt.Sprintf("%q is not the ARN of a state machine", arn),
				"Write arn:aws:states:REGION:ACCOUNT:stateMachine:NAME.")
		}
	}
	in.Done()
	return s, found
}
