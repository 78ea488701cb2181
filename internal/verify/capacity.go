package verify

import (
	"fmt"
	"strconv"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/style"
)

// capacity compares the account's quotas, and what is reserved, with the number of callers.
func (v *verifier) capacity() {
	v.group = groupCapacity
	callers := v.options.Callers
	function := v.found[asyncKey]
	reserved, err := strconv.Atoi(scalar(function["ReservedConcurrentExecutions"]))
	if err == nil && reserved < callers {
		v.fail(CodeReserved, "concurrency", fmt.Sprintf("Raise reserved_concurrency to %d.", callers),
			"%d are reserved for the async function, and %d callers may wait", reserved, callers)
	}
	limit, err := v.cloud.Concurrency(v.ctx)
	switch {
	case err != nil:
		v.unknown("concurrency", err)
	case limit < 2*callers:
		v.fail(CodeConcurrency, "concurrency",
			fmt.Sprintf("Ask for %d: Service Quotas, AWS Lambda, %s.", 2*callers, awsfacts.ConcurrencyQuota),
			"the account has %d, and %d callers may hold a check and a running function each", limit, callers)
	default:
		v.ok("concurrency", "the account has %d, for %d callers", limit, callers)
	}
	v.describeQuota(callers)
}

// describeQuota asks whether checks in the style poll, each one a DescribeExecution, stay below the account's rate.
func (v *verifier) describeQuota(callers int) {
	if v.want.ResultsTable != "" {
		v.ok("checks", "read the results table, which serves any number of callers")
		return
	}
	name := awsfacts.RefillQuota("DescribeExecution")
	rate, of := awsfacts.DescribeExecutionRate(v.cloud.Region()).PerSecond, "by default"
	quotas, err := v.cloud.Quotas(v.ctx, awsfacts.StatesQuotas)
	if err != nil {
		v.unknown("quotas", err)
	} else if actual, ok := quotas[name]; ok {
		rate, of = actual, "in this account"
	}
	served := int(rate * style.PollSeconds)
	if callers > served {
		v.fail(CodeDescribe, "checks", fmt.Sprintf("Write results: table in the project file, or ask for %d: "+
			"Service Quotas, AWS Step Functions, %s.", (callers+style.PollSeconds-1)/style.PollSeconds, name),
			"DescribeExecution serves %.0f a second %s: %d callers who check every %d s; %d may wait",
			rate, of, served, style.PollSeconds, callers)
		return
	}
	v.ok("checks", "DescribeExecution serves %.0f a second %s: %d callers who check every %d s", rate, of, served,
		style.PollSeconds)
}
