package lint

import "slices"

// table holds every rule, in the order of the documentation.
var table = []Rule{
	ruleMalformed, ruleVersion, ruleStartAction, ruleModuleSettings, ruleIdentifier, ruleUnknownKey, ruleActionType, ruleDangling,
	ruleNextAction, ruleMissingError, ruleImpossibleError, ruleConditionsNotAllowed, ruleOperator, ruleOperand, ruleMissingCondition,
	ruleUnknownParameter, ruleMissingParameter, ruleParameterValue, ruleEmptyValue, ruleCombination, ruleMixedReference, ruleSize,
	ruleFlowType,

	ruleErrorLikeSuccess, ruleNoErrorBranch, ruleTerminal, ruleUnreachable, ruleDeadEnd, ruleEndlessLoop, rulePollWithoutMessage, rulePauseAsComfort, ruleLambdaChain,
	ruleInvocationLimit, ruleFunctionTimeout, ruleChatWithoutWait, ruleAttributeNeverSet, ruleStaleReply, ruleUnknownReference, rulePlaceholderAccount,

	ruleExecutionIDNotSaved, ruleStartFailureIgnored, ruleStartReplyUnchecked, ruleCheckWithoutAction, ruleCountNotCarried, ruleStartWithoutRequest,
	ruleLoopCountMax, ruleComfort, ruleCountRestarted, ruleOutcomes, ruleLoopReused, ruleHoldSeconds, ruleResponseType, ruleLongestFunction,

	ruleWaitFlowType, ruleNestedWait, ruleInvocationID, ruleAsyncResult,

	ruleStateMachine, ruleTaskRetry, ruleUnsafeRetry, ruleMachineTimeout, ruleResultPath, ruleResultForm, ruleExpress,

	ruleStoredInput, ruleLoggedInput,

	ruleUnknownFunction, ruleUnknownJob, ruleDescribeRate, ruleHeldChecks,
}

// Rules returns the table of rules.
func Rules() []Rule { return slices.Clone(table) }

// Lookup returns the rule of an id, nil when there is none.
func Lookup(id string) *Rule {
	i := slices.IndexFunc(table, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	rule := table[i]
	return &rule
}
