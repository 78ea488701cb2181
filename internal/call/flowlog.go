package call

import (
	"cmp"
	"encoding/json"
	"path/filepath"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
)

// LogLine is the JSON of an entry of the contact flow log, as Amazon Connect writes it to CloudWatch (admin guide,
// "Flow logs").
type LogLine struct {
	ContactID  string          `json:"ContactId"`
	FlowID     string          `json:"ContactFlowId"`         // ARN
	FlowName   string          `json:"ContactFlowName"`       // "" in older logs
	ModuleType string          `json:"ContactFlowModuleType"` // what the action is called there
	Identifier string          `json:"Identifier"`            // of the action; "" in older logs
	Timestamp  string          `json:"Timestamp"`             // RFC 3339, in UTC
	Parameters json.RawMessage `json:"Parameters"`
	Results    json.RawMessage `json:"Results,omitempty"`         // a text: a key, a branch, or what went wrong
	External   json.RawMessage `json:"ExternalResults,omitempty"` // what a function returned
}

// LogEntry is an entry of the contact flow log with what Amazon Connect adds to it. It marshals to a LogLine, so that
// queries on real logs work on it.
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
	line := LogLine{
		ContactID:  l.ContactID,
		FlowID:     instanceARN + "/contact-flow/" + strings.ReplaceAll(name, " ", "-"),
		FlowName:   name,
		ModuleType: l.Entry.ModuleType,
		Identifier: l.Entry.Action.Identifier,
		Timestamp:  l.Time.UTC().Format("2006-01-02T15:04:05.000Z"),
		Parameters: l.Entry.Parameters,
	}
	if l.Entry.Results != "" {
		line.Results = jsonOf(l.Entry.Results)
	}
	if len(l.Entry.External) > 0 {
		line.External = jsonOf(l.Entry.External)
	}
	return json.Marshal(line)
}

// jsonOf is the JSON of texts.
func jsonOf(texts any) json.RawMessage {
	text, err := json.Marshal(texts)
	if err != nil {
		panic(err)
	}
	return text
}

// FlowName is a flow's name, or that of its file where its content has none: in an instance every flow has one.
func FlowName(f *flow.Flow) string {
	file := filepath.Base(f.File)
	return cmp.Or(f.Name, strings.TrimSuffix(file, filepath.Ext(file)))
}
