package flowlang

import (
	"fmt"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/source"
)

// The action types that ask something outside the contact.
const (
	InvokeLambdaFunction                      = "InvokeLambdaFunction"
	LoadLambdaFunctionResult                  = "LoadLambdaFunctionResult"
	CreateTask                                = "CreateTask"
	CreateContact                             = "CreateContact"
	StartOutboundChatContact                  = "StartOutboundChatContact"
	StartOutboundEmailContact                 = "StartOutboundEmailContact"
	RenderMessageTemplate                     = "RenderMessageTemplate"
	CreateCase                                = "CreateCase"
	UpdateCase                                = "UpdateCase"
	GetCase                                   = "GetCase"
	GetCustomerProfile                        = "GetCustomerProfile"
	GetCustomerProfileObject                  = "GetCustomerProfileObject"
	GetCalculatedAttributesForCustomerProfile = "GetCalculatedAttributesForCustomerProfile"
	CreateCustomerProfile                     = "CreateCustomerProfile"
	UpdateCustomerProfile                     = "UpdateCustomerProfile"
	AssociateContactToCustomerProfile         = "AssociateContactToCustomerProfile"
	CreateWisdomSession                       = "CreateWisdomSession"
	LoadContactContent                        = "LoadContactContent"
	CreatePersistentContactAssociation        = "CreatePersistentContactAssociation"
	EvaluateDataTableValues                   = "EvaluateDataTableValues"
	ListDataTableValues                       = "ListDataTableValues"
	UpsertDataTableValues                     = "UpsertDataTableValues"
)

// How long Connect waits for a function, in seconds.
const (
	MaxSynchronousSeconds  = int(awsfacts.SynchronousLimit / time.Second)
	MaxAsynchronousSeconds = int(awsfacts.AsynchronousLimit / time.Second)
	MaxChainSeconds        = int(awsfacts.ChainLimit / time.Second) // of functions in a row, without a prompt between
)

// Values of parameters of InvokeLambdaFunction.
const (
	TypeSynchronous  = "SYNCHRONOUS" // InvocationType; an absent one means this
	TypeAsynchronous = "ASYNCHRONOUS"
	StringMap        = "STRING_MAP" // ResponseType: a flat object of texts
	JSON             = "JSON"
)

// unknownBlock is the name of a block that exports show, but of which nobody has said what the console calls it.
const unknownBlock = "(not known)"

var responseType = choice("ResponseType", StringMap, JSON)

var interactionTypes = []ActionType{
	{
		Name: InvokeLambdaFunction, Block: "AWS Lambda function", Logged: "InvokeExternalResource",
		Parameters: []Parameter{
			id("LambdaFunctionARN").required(),
			number("InvocationTimeLimitSeconds", 1, MaxAsynchronousSeconds).expected(),
			choice("InvocationType", TypeSynchronous, TypeAsynchronous), object("LambdaInvocationAttributes"),
			object("ResponseValidation"),
		},
		combine: checkResponseType,
		vary:    varyInvocation,
		Errors:  onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Traits:    Invokes | FillsReply,
		Evidence:  "AWS; asynchronous: block page and one export; details: assumptions",
	},
	{
		Name: LoadLambdaFunctionResult, Block: "AWS Lambda function (load result)", Logged: "LoadLambdaFunctionResult",
		Parameters:     []Parameter{reference("LambdaInvocationId").required()},
		Errors:         []string{NoMatchingError, InProgress},
		RequiredErrors: []string{InProgress},
		ExpectedErrors: onlyNoMatchingError,
		FlowTypes:      everywhere,
		Traits:         FillsReply,
		Evidence:       "one export",
	},
	{
		Name: CreateTask, Block: "Create task", Logged: "CreateTask",
		Parameters: []Parameter{
			text("Name").expected(), id("ContactFlowId"), text("Description"),
			object("Attributes"), object("References"),
			number("DelaySeconds", 1, 518400), text("ScheduledTime"), id("TaskTemplateId"),
		},
		Open:    true,
		combine: atMostOne("DelaySeconds", "ScheduledTime"),
		Errors:  onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS",
	},
	{
		Name: StartOutboundChatContact, Block: "Send message", Logged: "StartOutboundChatContact",
		Parameters: []Parameter{
			object("SourceEndpoint").required(), object("DestinationEndpoint").required(),
			id("ContactFlowArn").required(), text("ContactSubtype"), object("InitialSystemMessage"),
			text("RelatedContact"),
		},
		Open:   true,
		Errors: []string{NoMatchingError, TemplateRenderingError}, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS; TemplateRenderingError: export of a flow with all blocks",
	},
	{
		Name: StartOutboundEmailContact, Block: "Send message (email, the third of three actions)",
		Logged: StartOutboundEmailContact,
		Parameters: []Parameter{
			object("FromEmailAddress"), object("DestinationEmailAddress"), object("EmailMessage"),
		},
		Open:   true,
		Errors: []string{NoMatchingError, TemplateRenderingError}, ExpectedErrors: onlyNoMatchingError,
		Evidence: "export of a flow with all blocks",
	},
	{
		Name: CreateContact, Block: "Send message (email, the second of three actions)", Logged: CreateContact,
		Parameters: []Parameter{text("Channel"), text("RelatedContact")},
		Open:       true,
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		Evidence: "export of a flow with all blocks",
	},
	{
		Name: RenderMessageTemplate, Block: "Send message (the template, before the message)",
		Logged: RenderMessageTemplate,
		Parameters: []Parameter{
			id("WisdomKnowledgeBaseArn").expected(), id("WisdomMessageTemplateArn").expected(),
		},
		Open:   true,
		Errors: []string{TemplateRenderingError, NoMatchingError}, ExpectedErrors: onlyNoMatchingError,
		Evidence: "live: an export of all blocks, 2026-06",
	},
	caseType(CreateCase),
	caseType(UpdateCase),
	caseType(GetCase, MultipleFound, NoneFound),
	profileType(GetCustomerProfile, MultipleFoundError, NoneFoundError),
	profileType(GetCustomerProfileObject, NoneFoundError),
	profileType(GetCalculatedAttributesForCustomerProfile, NoneFoundError),
	profileType(CreateCustomerProfile),
	profileType(UpdateCustomerProfile),
	profileType(AssociateContactToCustomerProfile),
	{
		Name: CreateWisdomSession, Block: "Connect assistant", Logged: "SetWisdomAssistant",
		Parameters: []Parameter{id("WisdomAssistantArn").required()},
		Open:       true,
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS",
	},
	{
		Name: LoadContactContent, Block: "Get stored content", Logged: LoadContactContent,
		Parameters: []Parameter{text("ContentType")},
		Open:       true,
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS: block page",
	},
	{
		Name: CreatePersistentContactAssociation, Block: "Create persistent contact association",
		Logged:     CreatePersistentContactAssociation,
		Parameters: []Parameter{text("RehydrationType"), text("SourceContactId")},
		Open:       true,
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS: block page; its error: export of a flow with all blocks",
	},
	tableType(EvaluateDataTableValues),
	tableType(ListDataTableValues),
	tableType(UpsertDataTableValues),
}

func caseType(name string, more ...string) ActionType {
	return ActionType{
		Name: name, Block: "Cases", Logged: name,
		Parameters: []Parameter{
			truth("LinkContactToCase"), text("ContactToLink"), id("CaseTemplateId"), text("CaseId"),
			truth("GetLastUpdatedCase"), text("CustomerId"), object("CaseRequestFields"), array("CaseResponseFields"),
		},
		Open:    true,
		combine: checkCaseFields,
		vary:    varyCase,
		Errors:  append([]string{NoMatchingError}, more...), ExpectedErrors: onlyNoMatchingError,
		FormErrors: []string{ContactNotLinked},
		FlowTypes:  everywhere,
		Evidence:   "AWS; ContactToLink: a template of AWS",
	}
}

func profileType(name string, more ...string) ActionType {
	return ActionType{
		Name: name, Block: "Customer profiles", Logged: name,
		Parameters: []Parameter{object("ProfileRequestData").required(), array("ProfileResponseData")},
		Open:       true,
		Errors:     append([]string{NoMatchingError}, more...), ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS",
	}
}

func tableType(name string) ActionType {
	return ActionType{
		Name: name, Block: "Data table", Logged: name,
		Parameters: []Parameter{text("DataTableId")},
		Open:       true,
		Evidence:   "exports: the names only",
	}
}

// varyInvocation: an asynchronous invocation fills nothing until its result is loaded.
func varyInvocation(a *Action, form *ActionType) {
	if a.Text("InvocationType") == TypeAsynchronous {
		form.Traits = Invokes | Asynchronous
	}
}

// varyCase: ContactNotLinked exists exactly when the contact is linked.
func varyCase(a *Action, form *ActionType) {
	if !strings.EqualFold(a.Text("LinkContactToCase"), "false") {
		form.Errors = form.AllErrors()
	}
	if a.Is("LinkContactToCase") {
		form.RequiredErrors = form.FormErrors
	}
}

func checkCaseFields(a *Action, say complain) {
	if n := a.Param("CaseResponseFields"); len(n.Elements()) > 10 {
		say(n, source.Error, fmt.Sprintf("CaseResponseFields has %d fields; Connect accepts 10", len(n.Items)),
			"Ask for at most 10.")
	}
}

func checkResponseType(a *Action, say complain) {
	if n := a.Param("ResponseValidation").Get("ResponseType"); n != nil {
		if problem := responseType.Problem(n); problem != "" {
			say(n, source.Error, "ResponseType "+problem, "Write STRING_MAP or JSON.")
		}
	}
}
