package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// table holds every rule, in the order of the documentation.
var table = slices.Concat(publishingRules(), []Rule{
	ruleErrorLikeSuccess, ruleNoErrorBranch, ruleTerminal, ruleUnreachable, ruleDeadEnd, ruleEndlessLoop,
	rulePollWithoutMessage, rulePauseAsComfort, ruleLambdaChain, ruleInvocationLimit, ruleFunctionTimeout,
	ruleChatWithoutWait, ruleAttributeNeverSet, ruleStaleReply, ruleUnknownReference, rulePlaceholderAccount,
	ruleSilentCaller, ruleHangsUpOnError, ruleShortInterrupt, ruleQueueNotSet, rulePlaceholder, ruleTwoInstances,
	ruleStaleSlot, ruleEndedService,

	ruleExecutionIDNotSaved, ruleStartFailureIgnored, ruleStartReplyUnchecked, ruleCheckWithoutAction,
	ruleCountNotCarried, ruleStartWithoutRequest, ruleLoopCountMax, ruleComfort, ruleCountRestarted, ruleOutcomes,
	ruleLoopReused, ruleHoldSeconds, ruleTimeLimit, ruleResponseType, ruleLongestFunction,

	ruleWaitFlowType, ruleNestedWait, ruleInvocationID, ruleAsyncResult,

	ruleStateMachine, ruleTaskRetry, ruleUnsafeRetry, ruleMachineTimeout, ruleResultPath, ruleResultForm,
	ruleExpress, ruleEndByEvent, ruleUnservedTask, ruleInputLeftOut,

	ruleStoredInput, ruleLoggedInput,

	ruleNotDeployable, ruleUnknownFunction, ruleUnknownJob, ruleFunctionRuntime, ruleFunctionHandler,
	ruleDescribeRate, ruleHeldChecks, ruleNothingToDeliver, ruleProgress,
})

// publishingRules are the rules about what publishing refuses, which package flowlang knows.
func publishingRules() []Rule {
	var rules []Rule
	for _, c := range flowlang.Checks() {
		rules = append(rules, Rule{
			ID: c.Code, Group: GroupPublishing, Severity: c.Severity, Needs: NeedsFlow,
			Summary:  c.Summary,
			Why:      c.Why,
			Remedy:   c.Remedy,
			Evidence: c.Evidence,
			Fix:      publishingFixers[c.Code],
			Check: func(p *Pass) {
				for _, f := range c.Run(p.Flow.Flow) {
					p.found = append(p.found, Finding{Rule: f.Code, Finding: f})
				}
			},
		})
	}
	return rules
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
