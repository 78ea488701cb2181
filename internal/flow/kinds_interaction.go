package flow

// interactionKinds are the actions that ask something outside of the contact.
var interactionKinds = []kind{
	{
		name: "InvokeLambdaFunction", block: "AWS Lambda function", logged: "InvokeExternalResource",
		parameters: []parameter{need("LambdaFunctionARN"), needNumber("InvocationTimeLimitSeconds", 1, 60), mayOne("InvocationType", "SYNCHRONOUS", "ASYNCHRONOUS"),
			mayObject("LambdaInvocationAttributes"), mayObject("ResponseValidation")},
		errors: onlyNoMatchingError, flows: everyFlow,
		does:     "Invokes the function with Connect's event. Synchronous: waits in silence, at most 8 s, and 20 s for functions in a row; repeats after throttling and 5xx; the reply, of at most 32 KB, replaces $.External. Asynchronous: goes on at once, at most 60 s, with $.LambdaInvocation.InvocationId.",
		evidence: "AWS; asynchronous: block page and one export; details: assumptions",
		run:      runFunction, resume: resumeFunction,
	},
	{
		name: "LoadLambdaFunctionResult", block: "AWS Lambda function (load result)", logged: "LoadLambdaFunctionResult",
		parameters: []parameter{{name: "LambdaInvocationId", required: true, form: reference}},
		errors:     []string{NoMatchingError, InProgress}, flows: everyFlow,
		does:     "Puts the reply of an asynchronous function into $.External; InProgress while it runs; NoMatchingError when it failed or the id is unknown.",
		evidence: "one export",
		run:      runLoadResult,
	},
	{
		name: "CreateTask", block: "Create task", logged: "CreateTask", errors: onlyNoMatchingError, flows: everyFlow,
		parameters: []parameter{{name: "Name"}, {name: "ContactFlowId"}, {name: "Description"}, mayObject("Attributes"), mayObject("References"), mayNumber("DelaySeconds", 1, 518400), {name: "ScheduledTime"}, {name: "TaskTemplateId"}},
		does:       "Succeeds with a new $.Task.ContactId; the task is not played.",
		evidence:   "AWS",
		run:        runTask,
	},
	{
		name: "StartOutboundChatContact", block: "Send message", logged: "StartOutboundChatContact", errors: onlyNoMatchingError, flows: everyFlow,
		parameters: []parameter{needObject("SourceEndpoint"), needObject("DestinationEndpoint"), need("ContactFlowArn"), {name: "ContactSubtype"}, mayObject("InitialSystemMessage"), {name: "RelatedContact"}},
		does:       "Succeeds; the message is not played.",
		evidence:   "AWS",
		run:        runSucceed,
	},
	{
		name: "CreateCase", block: "Cases", logged: "CreateCase", errors: []string{NoMatchingError, ContactNotLinked}, flows: everyFlow,
		parameters: []parameter{mayOne("LinkContactToCase", "true", "false"), {name: "CaseTemplateId"}, mayObject("CaseRequestFields")},
		does:       "Succeeds; $.Case comes from the scenario.",
		evidence:   "AWS",
		run:        runSucceed,
	},
	{
		name: "UpdateCase", block: "Cases", logged: "UpdateCase", errors: []string{NoMatchingError, ContactNotLinked}, flows: everyFlow,
		parameters: []parameter{mayOne("LinkContactToCase", "true", "false"), {name: "CaseId"}, mayObject("CaseRequestFields")},
		does:       "Succeeds; $.Case comes from the scenario.",
		evidence:   "AWS",
		run:        runSucceed,
	},
	{
		name: "GetCase", block: "Cases", logged: "GetCase", errors: []string{NoMatchingError, ContactNotLinked, "MultipleFound", "NoneFound"}, flows: everyFlow,
		parameters: []parameter{mayOne("LinkContactToCase", "true", "false"), mayOne("GetLastUpdatedCase", "true", "false"), {name: "CustomerId"}, mayObject("CaseRequestFields"), mayArray("CaseResponseFields")},
		does:       "Succeeds; $.Case, or NoneFound and MultipleFound, come from the scenario.",
		evidence:   "AWS",
		run:        runSucceed,
	},
	profileKind("GetCustomerProfile", "MultipleFoundError", "NoneFoundError"),
	profileKind("GetCustomerProfileObject", "NoneFoundError"),
	profileKind("GetCalculatedAttributesForCustomerProfile", "NoneFoundError"),
	profileKind("CreateCustomerProfile"),
	profileKind("UpdateCustomerProfile"),
	profileKind("AssociateContactToCustomerProfile"),
	{
		name: "CreateWisdomSession", block: "Connect assistant", logged: "SetWisdomAssistant", errors: onlyNoMatchingError, flows: everyFlow,
		parameters: []parameter{need("WisdomAssistantArn")},
		does:       "Succeeds with a new $.Wisdom.SessionArn.",
		evidence:   "AWS",
		run:        runSession,
	},
	{
		name: "LoadContactContent", block: "Get stored content", logged: "LoadContactContent", errors: onlyNoMatchingError, flows: undocumented,
		parameters: []parameter{{name: "ContentType"}},
		does:       "Succeeds; the content comes from the scenario.",
		evidence:   "third party",
		run:        runSucceed,
	},
	{
		name: "CreatePersistentContactAssociation", block: "Create persistent contact association", logged: "CreatePersistentContactAssociation", errors: onlyNoMatchingError, flows: undocumented,
		parameters: []parameter{{name: "RehydrationType"}, {name: "SourceContactId"}},
		does:       "Succeeds.",
		evidence:   "third party",
		run:        runSucceed,
	},
	tableKind("EvaluateDataTableValues"),
	tableKind("ListDataTableValues"),
	tableKind("UpsertDataTableValues"),
}

func profileKind(name string, more ...string) kind {
	return kind{name: name, block: "Customer profiles", logged: name, errors: append([]string{NoMatchingError}, more...), flows: everyFlow,
		parameters: []parameter{needObject("ProfileRequestData"), mayArray("ProfileResponseData")},
		does:       "Succeeds; $.Customer, or another error, comes from the scenario.", evidence: "AWS", run: runSucceed}
}

func tableKind(name string) kind {
	return kind{name: name, block: "Data table", logged: name, errors: onlyNoMatchingError, flows: undocumented,
		parameters: []parameter{need("DataTableId")},
		does:       "Succeeds; $.DataTables and $.DataTableList come from the scenario.", evidence: "exports: the names only", run: runSucceed}
}
