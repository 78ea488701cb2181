package flow

// ChainReset is a value of the assumption chain_reset; see AssumptionTable for what each means.
type ChainReset uint8

// The values of chain_reset.
const (
	ChainResetMessage ChainReset = iota
	ChainResetAudible
)

// AliasAssociation is a value of the assumption alias_association; see AssumptionTable for what each means.
type AliasAssociation uint8

// The values of alias_association.
const (
	AliasAssociationSuffices AliasAssociation = iota
	AliasAssociationError
)

// RetriedFailures is a value of the assumption retried_failures; see AssumptionTable for what each means.
type RetriedFailures uint8

// The values of retried_failures.
const (
	RetriedFailuresService RetriedFailures = iota
	RetriedFailuresAll
)

// ExternalAfterError is a value of the assumption external_after_error; see AssumptionTable for what each means.
type ExternalAfterError uint8

// The values of external_after_error.
const (
	ExternalAfterErrorCleared ExternalAfterError = iota
	ExternalAfterErrorKept
)

// LoadWrites is a value of the assumption load_writes; see AssumptionTable for what each means.
type LoadWrites uint8

// The values of load_writes.
const (
	LoadWritesBoth LoadWrites = iota
	LoadWritesResultData
)

// UnsetInText is a value of the assumption unset_in_text; see AssumptionTable for what each means.
type UnsetInText uint8

// The values of unset_in_text.
const (
	UnsetInTextEmpty UnsetInText = iota
	UnsetInTextLiteral
)

// UnsetAttribute is a value of the assumption unset_attribute; see AssumptionTable for what each means.
type UnsetAttribute uint8

// The values of unset_attribute.
const (
	UnsetAttributeLeftOut UnsetAttribute = iota
	UnsetAttributeEmptyString
	UnsetAttributeNull
)

// UnsetInSetAttribute is a value of the assumption unset_in_set_attribute; see AssumptionTable for what each means.
type UnsetInSetAttribute uint8

// The values of unset_in_set_attribute.
const (
	UnsetInSetAttributeEmpty UnsetInSetAttribute = iota
	UnsetInSetAttributeError
)

// UnsetInCompare is a value of the assumption unset_in_compare; see AssumptionTable for what each means.
type UnsetInCompare uint8

// The values of unset_in_compare.
const (
	UnsetInCompareNoMatch UnsetInCompare = iota
	UnsetInCompareEmpty
)

// ContinuePrompt is a value of the assumption continue_prompt; see AssumptionTable for what each means.
type ContinuePrompt uint8

// The values of continue_prompt.
const (
	ContinuePromptCut ContinuePrompt = iota
	ContinuePromptFinish
)

// ContinueEnd is a value of the assumption continue_end; see AssumptionTable for what each means.
type ContinueEnd uint8

// The values of continue_end.
const (
	ContinueEndLiteral ContinueEnd = iota
	ContinueEndIgnored
	ContinueEndRepeated
)

// MinimumWait is a value of the assumption minimum_wait; see AssumptionTable for what each means.
type MinimumWait uint8

// The values of minimum_wait.
const (
	MinimumWaitContinueAfter MinimumWait = iota
	MinimumWaitEventAfter
	MinimumWaitNoEffect
)

// EarlyEvent is a value of the assumption early_event; see AssumptionTable for what each means.
type EarlyEvent uint8

// The values of early_event.
const (
	EarlyEventAtOnce EarlyEvent = iota
	EarlyEventMissed
)

// FailedAsync is a value of the assumption failed_async; see AssumptionTable for what each means.
type FailedAsync uint8

// The values of failed_async.
const (
	FailedAsyncEvent FailedAsync = iota
	FailedAsyncSilent
)

// LateAsyncResult is a value of the assumption late_async_result; see AssumptionTable for what each means.
type LateAsyncResult uint8

// The values of late_async_result.
const (
	LateAsyncResultLost LateAsyncResult = iota
	LateAsyncResultKept
)

// LoopCounter is a value of the assumption loop_counter; see AssumptionTable for what each means.
type LoopCounter uint8

// The values of loop_counter.
const (
	LoopCounterKept LoopCounter = iota
	LoopCounterReset
)

// NonStringValues is a value of the assumption non_string_values; see AssumptionTable for what each means.
type NonStringValues uint8

// The values of non_string_values.
const (
	NonStringValuesError NonStringValues = iota
	NonStringValuesCoerced
)

// AbsentValidation is a value of the assumption absent_validation; see AssumptionTable for what each means.
type AbsentValidation uint8

// The values of absent_validation.
const (
	AbsentValidationStringMap AbsentValidation = iota
	AbsentValidationJSON
)

// ExternalArrays is a value of the assumption external_arrays; see AssumptionTable for what each means.
type ExternalArrays uint8

// The values of external_arrays.
const (
	ExternalArraysEmpty ExternalArrays = iota
	ExternalArraysIndex
)

// MissingErrorBranch is a value of the assumption missing_error_branch; see AssumptionTable for what each means.
type MissingErrorBranch uint8

// The values of missing_error_branch.
const (
	MissingErrorBranchNextAction MissingErrorBranch = iota
	MissingErrorBranchStop
)

// NoStoredInput is a value of the assumption no_stored_input; see AssumptionTable for what each means.
type NoStoredInput uint8

// The values of no_stored_input.
const (
	NoStoredInputTimeout NoStoredInput = iota
	NoStoredInputError
)

// NumberOnText is a value of the assumption number_on_text; see AssumptionTable for what each means.
type NumberOnText uint8

// The values of number_on_text.
const (
	NumberOnTextNoMatch NumberOnText = iota
	NumberOnTextZero
)

// DynamicOperand is a value of the assumption dynamic_operand; see AssumptionTable for what each means.
type DynamicOperand uint8

// The values of dynamic_operand.
const (
	DynamicOperandResolved DynamicOperand = iota
	DynamicOperandLiteral
)

// KeyExists is a value of the assumption key_exists; see AssumptionTable for what each means.
type KeyExists uint8

// The values of key_exists.
const (
	KeyExistsPresent KeyExists = iota
	KeyExistsNotEmpty
)

// UnknownAction is a value of the assumption unknown_action; see AssumptionTable for what each means.
type UnknownAction uint8

// The values of unknown_action.
const (
	UnknownActionNextAction UnknownAction = iota
	UnknownActionStop
)

// AbsentFields is a value of the assumption absent_fields; see AssumptionTable for what each means.
type AbsentFields uint8

// The values of absent_fields.
const (
	AbsentFieldsNull AbsentFields = iota
	AbsentFieldsLeftOut
)

// EndFlowInbound is a value of the assumption end_flow_inbound; see AssumptionTable for what each means.
type EndFlowInbound uint8

// The values of end_flow_inbound.
const (
	EndFlowInboundDisconnect EndFlowInbound = iota
	EndFlowInboundRefuse
)

// WaitOnVoice is a value of the assumption wait_on_voice; see AssumptionTable for what each means.
type WaitOnVoice uint8

// The values of wait_on_voice.
const (
	WaitOnVoiceError WaitOnVoice = iota
	WaitOnVoiceWait
)
