package call

import (
	"cmp"
	"encoding/json"
	"path/filepath"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
)

// LogEntry is an entry of the contact flow log with what Amazon Connect adds to it. It marshals to the JSON that
// Connect writes to CloudWatch (admin guide, "Flow logs"), so that queries on real logs work on it.
type LogEntry struct {
	ContactID string
	Time      time.Time
	Entry     flow.Log
}

// instanceARN is the instance in which calls are played.
const instanceARN = "arn:aws:connect:us-east-1:111122223333:instance/00000000-0000-4000-8000-000000000001"

// MarshalJSON implements json.Marshaler.
func (l LogEntry) MarshalJSON() ([]byte, error) {
	name := FlowName(l.Entry.Flow)
	return json.Marshal(struct {
		ContactID  string            `json:"ContactId"`
		FlowID     string            `json:"ContactFlowId"`
		FlowName   string            `json:"ContactFlowName"`
		ModuleType string            `json:"ContactFlowModuleType"`
		Identifier string            `json:"Identifier"`
		Timestamp  string            `json:"Timestamp"`
		Parameters json.RawMessage   `json:"Parameters"`
		Results    string            `json:"Results,omitempty"`
		External   map[string]string `json:"ExternalResults,omitempty"`
	}{
		ContactID:  l.ContactID,
		FlowID:     instanceARN + "/contact-flow/" + strings.ReplaceAll(name, " ", "-"),
		FlowName:   name,
		ModuleType: l.Entry.ModuleType,
		Identifier: l.Entry.Action.Identifier,
		Timestamp:  l.Time.UTC().Format("2006-01-02T15:04:05.000Z"),
		Parameters: l.Entry.Parameters,
		Results:    l.Entry.Results,
		External:   l.Entry.External,
	})
}

// FlowName is a flow's name, or that of its file where its content has none: in an instance every flow has one.
func FlowName(f *flow.Flow) string {
	file := filepath.Base(f.File)
	return cmp.Or(f.Name, strings.TrimSuffix(file, filepath.Ext(file)))
}
