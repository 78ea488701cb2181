package awsfacts

import "time"

// PricesAsOf is the day on which the prices were read.
const PricesAsOf = "2026-11-22"

// PricesRegion is the Region of the prices.
const PricesRegion = "US East (N. Virginia)"

// Prices in US dollars, without the free tier. Sources: infracost's price goldens of August 2026 for
// sfn_state_machine and lambda_function.
const (
	StateTransition     = 25.0 / 1e6 // Step Functions, Standard
	LambdaRequest       = 0.20 / 1e6
	LambdaGBSecondARM64 = 0.0000133334
)

// asyncFunctionGB is the memory that the async function is deployed with, in GB.
const asyncFunctionGB = MinMemoryMB / 1024.0

// CallCost is about what Step Functions and the async function cost for one call: state transitions, and invocations of
// the async function that take the given time each. The wrapped function costs what it cost before, and so does
// Connect.
func CallCost(transitions, invocations int, each time.Duration) float64 {
	invocation := LambdaRequest + LambdaGBSecondARM64*asyncFunctionGB*each.Seconds()
	return float64(transitions)*StateTransition + float64(invocations)*invocation
}

// Prices of DynamoDB on demand, in the same Region: a write of up to 1 KB, a strongly consistent read of up to 4 KB.
// Source: infracost's price golden of August 2026 for dynamodb_table.
const (
	DynamoDBWrite = 0.625 / 1e6
	DynamoDBRead  = 0.125 / 1e6
)

// Prices of CloudWatch a month, in the same Region, each: a custom metric of the first 10,000, an alarm of standard
// resolution, a dashboard. Source: Amazon CloudWatch's pricing page, as cost reports of public projects quote it.
const (
	CustomMetric = 0.30
	Alarm        = 0.10
	Dashboard    = 3.00
)
