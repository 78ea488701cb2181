package lint

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleUnknownReference = Rule{
	ID: "unknown-reference", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A reference names something that Connect does not have.",
	Why:      "It never has a value: a sentence has a gap, a comparison never matches.",
	Remedy:   "Correct the reference; contact attributes are $.Attributes.NAME, a function's reply is $.External.KEY.",
	Evidence: "Admin guide, list of available contact attributes.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			a.Parameters.EachText(func(n *source.Node) {
				for _, path := range flowlang.References(n.Text) {
					if !slices.Contains(namespaces, path[0]) {
						p.on(a, n, "there is nothing called $.%s", strings.Join(path, "."))
					}
				}
			})
		}
	},
}

// namespaces are the first words of references (admin guide, list of available contact attributes; AgenticCX, DataTableList and
// CustomerCallBackPhoneNumber: exports).
var namespaces = strings.Fields("Attributes FlowAttributes External LambdaInvocation StoredCustomerInput Lex Views Modules Loop DataTables DataTableList " +
	"Metrics ContactId InitialContactId PreviousContactId RelatedContactId Task Channel InitiationMethod InstanceARN AwsRegion LanguageCode Name Description CustomerId " +
	"References Tags SegmentAttributes CustomerEndpoint SystemEndpoint CustomerCallbackNumber CustomerCallBackPhoneNumber Queue Agent MediaStreams Media " +
	"TextToSpeechVoiceId Customer Case Wisdom Email AgenticCX AdditionalEmailRecipients")
