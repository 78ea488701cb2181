package lint

import (
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
)

// interactionSpecs are the actions that ask something outside of the contact. Sources: developer guide, pages of the actions;
// asynchronous functions: block page and one console export; data tables and others without a page: names only, so that they are
// open.
var interactionSpecs = map[string]*spec{
	"InvokeLambdaFunction": {
		params: []param{id("!LambdaFunctionARN"), number("?InvocationTimeLimitSeconds", 1, 60), oneOf("InvocationType", "SYNCHRONOUS", "ASYNCHRONOUS"),
			object("LambdaInvocationAttributes"), object("ResponseValidation")},
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: everywhere, combine: checkResponseType,
	},
	"LoadLambdaFunctionResult": {
		params: []param{reference("!LambdaInvocationId")},
		errors: []string{flow.NoMatchingError, flow.InProgress}, needErrors: []string{flow.InProgress}, wantErrors: onlyNoMatchingError, types: everywhere,
	},
	"CreateTask": {
		params: []param{text("?Name"), id("ContactFlowId"), text("Description"), object("Attributes"), object("References"), number("DelaySeconds", 1, 518400),
			text("ScheduledTime"), id("TaskTemplateId")},
		open:   true,
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: everywhere, combine: atMostOne("DelaySeconds", "ScheduledTime"),
	},
	"StartOutboundChatContact": {
		params: []param{object("!SourceEndpoint"), object("!DestinationEndpoint"), id("!ContactFlowArn"), text("ContactSubtype"), object("InitialSystemMessage"), text("RelatedContact")},
		open:   true,
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: everywhere,
	},
	"CreateCase": {form: caseForm},
	"UpdateCase": {form: caseForm},
	"GetCase":    {form: caseForm},
	"CreateWisdomSession": {
		params: []param{id("!WisdomAssistantArn")}, open: true,
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: everywhere,
	},
	"GetCustomerProfile":                        profile("MultipleFoundError", "NoneFoundError"),
	"GetCustomerProfileObject":                  profile("NoneFoundError"),
	"GetCalculatedAttributesForCustomerProfile": profile("NoneFoundError"),
	"CreateCustomerProfile":                     profile(),
	"UpdateCustomerProfile":                     profile(),
	"AssociateContactToCustomerProfile":         profile(),
	"LoadContactContent":                        {open: true, params: []param{text("ContentType")}},
	"CreatePersistentContactAssociation":        {open: true},
	"EvaluateDataTableValues":                   {open: true},
	"ListDataTableValues":                       {open: true},
	"UpsertDataTableValues":                     {open: true},
}

func profile(more ...string) *spec {
	return &spec{params: []param{object("!ProfileRequestData"), array("ProfileResponseData")}, open: true,
		errors: append([]string{flow.NoMatchingError}, more...), wantErrors: onlyNoMatchingError, types: everywhere}
}

// caseForm: ContactNotLinked exists exactly when the contact is linked.
func caseForm(a *Action) *spec {
	s := &spec{
		params: []param{truth("LinkContactToCase"), id("CaseTemplateId"), text("CaseId"), truth("GetLastUpdatedCase"), text("CustomerId"),
			object("CaseRequestFields"), array("CaseResponseFields")},
		open:   true,
		errors: []string{flow.NoMatchingError}, wantErrors: onlyNoMatchingError, types: everywhere, combine: checkCaseFields,
	}
	if !strings.EqualFold(a.text("LinkContactToCase"), "false") {
		s.errors = append(s.errors, flow.ContactNotLinked)
	}
	if a.is("LinkContactToCase") {
		s.needErrors = []string{flow.ContactNotLinked}
	}
	if a.Type == "GetCase" {
		s.errors = append(s.errors, "MultipleFound", "NoneFound")
	}
	return s
}

func checkCaseFields(a *Action, say complain) {
	if n := a.param("CaseResponseFields"); len(items(n)) > 10 {
		say(n, fmt.Sprintf("CaseResponseFields has %d fields; Connect takes 10", len(n.Items)), "Ask for at most 10.")
	}
}

func checkResponseType(a *Action, say complain) {
	if n := a.param("ResponseValidation").Get("ResponseType"); n != nil {
		if problem := oneOf("", "STRING_MAP", "JSON").check(n); problem != "" {
			say(n, "ResponseType "+problem, "Write STRING_MAP or JSON.")
		}
	}
}
