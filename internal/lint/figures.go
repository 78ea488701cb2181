package lint

import (
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// Figures of AWS as the texts of rules have them.
var (
	synchronousLimit  = awsfacts.Seconds(awsfacts.SynchronousLimit)
	asynchronousLimit = awsfacts.Seconds(awsfacts.AsynchronousLimit)
	chainLimit        = awsfacts.Seconds(awsfacts.ChainLimit)
	replySize         = awsfacts.KB(awsfacts.ReplyBytes)
	executionKept     = awsfacts.Days(awsfacts.ExecutionKept)
	functionsAtOnce   = awsfacts.Thousands(awsfacts.ConcurrentExecutions)
	bothLimits        = synchronousLimit + " synchronous, " + asynchronousLimit + " asynchronous"
	describeRates     = ratesOfDescribe()
)

// ratesOfDescribe says how often DescribeExecution may be called.
func ratesOfDescribe() string {
	big := awsfacts.BigRegions()
	last := len(big) - 1
	return fmt.Sprintf("%.0f requests per second in %s and %s, %.0f elsewhere",
		awsfacts.DescribeExecutionRate(aBigRegion).PerSecond, strings.Join(big[:last], ", "), big[last],
		awsfacts.DescribeExecutionRate("").PerSecond)
}

// aBigRegion is one of the Regions with the higher quotas.
var aBigRegion = awsfacts.BigRegions()[0]
