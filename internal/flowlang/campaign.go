package flowlang

// The action types that only flows of outbound campaigns have. Nobody is in such a flow: it sends messages and places
// calls, and asks what became of them.
const (
	SendSMS                        = "SendSMS"
	SendOutboundEmail              = "SendOutboundEmail"
	PutDialRequest                 = "PutDialRequest"
	PutLambdaInvokeRequest         = "PutLambdaInvokeRequest"
	GetOutboundCommunicationStatus = "GetOutboundCommunicationStatus"
)

// Exists is the operator with which Compare asks in a campaign whether there is a receipt. It has no operand, and is
// refused in all other flows.
const Exists = "Exists"

// campaignEvidence is how the types are known that the page about campaigns shows.
const campaignEvidence = "AWS: campaigns by the API"

var campaignTypes = []ActionType{
	{
		Name: SendSMS, Block: unknownBlock, Logged: SendSMS,
		Parameters: []Parameter{object("Message").required(), object("SourceEndpoint")},
		Open:       true,
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: campaigns,
		Evidence:  campaignEvidence,
	},
	{
		Name: SendOutboundEmail, Block: unknownBlock, Logged: SendOutboundEmail,
		Parameters: []Parameter{object("EmailMessage").required(), object("FromEmailAddress")},
		Open:       true,
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: campaigns,
		Evidence:  campaignEvidence,
	},
	{
		Name: PutDialRequest, Block: unknownBlock, Logged: PutDialRequest,
		Parameters: []Parameter{array("dialCriteriaRules")},
		Open:       true,
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: campaigns,
		Evidence:  campaignEvidence,
	},
	{
		Name: PutLambdaInvokeRequest, Block: unknownBlock, Logged: PutLambdaInvokeRequest,
		Open:      true,
		FlowTypes: campaigns,
		Evidence:  "third party: the name only, from a tool that moves journeys from Pinpoint",
	},
	{
		Name: GetOutboundCommunicationStatus, Block: unknownBlock, Logged: GetOutboundCommunicationStatus,
		Parameters: []Parameter{array("OutboundCommunicationIds").required()},
		Open:       true,
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: campaigns,
		Evidence:  campaignEvidence,
	},
}
