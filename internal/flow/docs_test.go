package flow

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the tables in docs/flows.md anew")

const docsFile = "../../docs/flows.md"

// TestDocsAreCurrent holds that the tables in docs/flows.md are those of the code. With -update it writes them.
func TestDocsAreCurrent(t *testing.T) {
	text, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	want := string(text)
	for name, table := range map[string]string{"actions": actionsTable(), "assumptions": assumptionsTable()} {
		begin, end := "<!-- begin "+name+" -->\n", "<!-- end "+name+" -->"
		before, rest, ok := strings.Cut(want, begin)
		_, rest, ok2 := strings.Cut(rest, end)
		if !ok || !ok2 {
			t.Fatalf("%s has no place for the table of %s", docsFile, name)
		}
		want = before + begin + table + end + rest
	}
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date; run: go test ./internal/flow -run DocsAreCurrent -update", docsFile)
	}
	if err := os.WriteFile(docsFile, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func actionsTable() string {
	var b strings.Builder
	b.WriteString("| action | block in the console | what a call does | flow types | errors | evidence |\n|---|---|---|---|---|---|\n")
	for _, family := range [][]kind{participantKinds, controlKinds, contactKinds, interactionKinds} {
		sorted := slices.Clone(family)
		slices.SortFunc(sorted, func(x, y kind) int { return strings.Compare(x.name, y.name) })
		for _, k := range sorted {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", k.name, k.block, k.does, k.flows, strings.Join(k.errors, ", "), k.evidence)
		}
	}
	return b.String()
}

func assumptionsTable() string {
	var b strings.Builder
	b.WriteString("| assumption | default | others | meaning | what is known |\n|---|---|---|---|---|\n")
	for _, row := range assumptionTable {
		others := strings.Join(slices.DeleteFunc(slices.Clone(row.Values), func(v string) bool { return v == row.standard }), ", ")
		if row.number != nil {
			others = fmt.Sprintf("%d to %d", row.Low, row.High)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", row.Name, row.standard, others, row.Meaning, row.Known)
	}
	return b.String()
}

// TestActionTypesAreComplete holds the table of action types: each says what it does, on what evidence, and can run; what
// waits can be resumed.
func TestActionTypesAreComplete(t *testing.T) {
	waiting := map[string]bool{"MessageParticipant": true, "MessageParticipantIteratively": true, "GetParticipantInput": true,
		"ConnectParticipantWithLexBot": true, "ShowView": true, "Wait": true, "InvokeLambdaFunction": true}
	for name, k := range kinds {
		if k.name != name || k.block == "" || k.does == "" || k.evidence == "" || k.logged == "" || k.run == nil {
			t.Errorf("%s is not described", name)
		}
		if (k.resume != nil) != waiting[name] {
			t.Errorf("%s: resume is there: %v", name, k.resume != nil)
		}
		if k.terminal && len(k.errors)+len(k.results) > 0 {
			t.Errorf("%s is terminal and has branches", name)
		}
	}
	for _, name := range documentedTypes {
		if kinds[name] == nil {
			t.Errorf("the documented action type %s is missing", name)
		}
	}
}

// documentedTypes are the action types of the developer guide, in the spelling that the service accepts, and those that are
// real without a page of their own.
var documentedTypes = strings.Fields(`
	CompleteOutboundCall CreateCase CreateTask CreateWisdomSession DequeueContactAndTransferToQueue EndFlowModuleExecution GetCase InvokeFlowModule
	StartOutboundChatContact TagContact TransferContactToAgent TransferContactToQueue UntagContact UpdateCase UpdateContactAttributes
	UpdateContactCallbackNumber UpdateContactData UpdateContactEventHooks UpdateContactMediaProcessing UpdateContactMediaStreamingBehavior
	UpdateContactRecordingAndAnalyticsBehavior UpdateContactRecordingBehavior ResumeContact UpdateContactRoutingBehavior UpdateContactTargetQueue
	UpdateContactTextToSpeechVoice UpdatePreviousContactParticipantState
	ConnectParticipantWithLexBot DisconnectParticipant GetParticipantInput MessageParticipant MessageParticipantIteratively ShowView
	CheckHoursOfOperation CheckMetricData CheckOutboundCallStatus CheckVoiceId Compare DistributeByPercentage EndFlowExecution GetMetricData Loop
	StartVoiceIdStream TransferToFlow UpdateFlowAttributes UpdateFlowLoggingBehavior UpdateContactRoutingCriteria Wait
	AssociateContactToCustomerProfile CreateCallbackContact CreateCustomerProfile InvokeLambdaFunction GetCustomerProfile GetCustomerProfileObject
	GetCalculatedAttributesForCustomerProfile UpdateCustomerProfile
	TransferParticipantToThirdParty LoadLambdaFunctionResult AuthenticateParticipant LoadContactContent CheckSegmentMembership RouteContactToAgent
	CreatePersistentContactAssociation EvaluateDataTableValues ListDataTableValues UpsertDataTableValues`)
