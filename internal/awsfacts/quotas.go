package awsfacts

import "slices"

// QuotasAsOf is the day on which the quotas were read, from the Step Functions developer guide (Service quotas).
const QuotasAsOf = "2026-11-22"

// Rate is a token bucket of an API, by account and Region.
type Rate struct {
	Bucket    int
	PerSecond float64
}

// bigRegions have higher quotas than the others.
var bigRegions = []string{"us-east-1", "us-west-2", "eu-west-1"}

// DescribeExecutionRate is how often an account may call it in a Region.
func DescribeExecutionRate(region string) Rate { return pick(region, Rate{300, 15}, Rate{250, 10}) }

// StartExecutionRate is how often an account may call it in a Region, for Standard state machines.
func StartExecutionRate(region string) Rate { return pick(region, Rate{1300, 300}, Rate{800, 150}) }

// StateTransitionRate is how many transitions an account's Standard state machines make in a Region; beyond that they slow down.
func StateTransitionRate(region string) Rate { return pick(region, Rate{5000, 5000}, Rate{800, 800}) }

func pick(region string, big, other Rate) Rate {
	if slices.Contains(bigRegions, region) {
		return big
	}
	return other
}
