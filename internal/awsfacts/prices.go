package awsfacts

import "time"

// PricesAsOf is the day on which the prices were read.
const PricesAsOf = "2026-11-22"

// PricesRegion is the Region of the prices.
const PricesRegion = "US East (N. Virginia)"

// Prices in US dollars, without the free tier. Sources: infracost's price goldens of August 2026 for
// sfn_state_machine and lambda_function. AWS bills a transition each time a step of an execution begins: an execution
// of one state is one, and each retry one more.
const (
	StateTransition     = 25.0 / 1e6 // Step Functions, Standard
	LambdaRequest       = 0.20 / 1e6
	LambdaGBSecondARM64 = 0.0000133334
)

// Prices of DynamoDB on demand, in the same Region: a write of up to 1 KB, a strongly consistent read of up to 4 KB.
// Source: infracost's price golden of August 2026 for dynamodb_table.
const (
	DynamoDBWrite = 0.625 / 1e6
	DynamoDBRead  = 0.125 / 1e6
)

// SQSRequest is what a request to a standard queue costs, in the same Region: to put a message there, to get one or
// none, to take it away. Source: infracost's price golden of August 2026 for sqs_queue.
const SQSRequest = 0.40 / 1e6

// Prices of CloudWatch a month, in the same Region, each: a custom metric of the first 10,000, an alarm of standard
// resolution, a dashboard. Source: Amazon CloudWatch's pricing page, as cost reports of public projects quote it.
const (
	CustomMetric = 0.30
	Alarm        = 0.10
	Dashboard    = 3.00
)

// ConnectPricesAsOf is the day on which the prices of Amazon Connect were read, on its pricing page. They are those of
// a Connect Customer instance, which include its other features. They are taken for every Region, although no source
// says that they are the same everywhere; --prices replaces them.
const ConnectPricesAsOf = "2026-10-07"

// Prices of Amazon Connect. Older instances pay 0.018 for a minute, and for features as they are used.
const (
	VoiceMinute = 0.038 // beside telephony
	ChatMessage = 0.010 // sent or received
)

// telephonyMinutes are what a minute of an inbound call to a direct-dial number of the Region's own country costs.
// Sources: Amazon Connect's pricing page as public projects quote it, for the US in 2026, for Japan and Korea in 2020;
// no other Region is known.
var telephonyMinutes = map[string]float64{
	"us-east-1": 0.0022, "us-west-2": 0.0022, "ap-northeast-1": 0.003, "ap-northeast-2": 0.0251,
}

// Prices are what things cost, in US dollars each.
type Prices struct {
	AsOf, Region    string // of the first six
	StateTransition float64
	LambdaRequest   float64
	LambdaGBSecond  float64
	DynamoDBWrite   float64
	DynamoDBRead    float64
	SQSRequest      float64

	ConnectAsOf     string
	VoiceMinute     float64
	ChatMessage     float64
	TelephonyMinute float64
	TelephonyKnown  bool // whether TelephonyMinute is
}

// PricesIn are the prices above, for functions on arm64, with telephony as it is in a Region.
func PricesIn(region string) Prices {
	telephony, known := telephonyMinutes[region]
	return Prices{
		AsOf: PricesAsOf, Region: PricesRegion, StateTransition: StateTransition, LambdaRequest: LambdaRequest,
		LambdaGBSecond: LambdaGBSecondARM64, DynamoDBWrite: DynamoDBWrite, DynamoDBRead: DynamoDBRead,
		SQSRequest: SQSRequest, ConnectAsOf: ConnectPricesAsOf, VoiceMinute: VoiceMinute, ChatMessage: ChatMessage,
		TelephonyMinute: telephony, TelephonyKnown: known,
	}
}

// asyncFunctionGB is the memory that the async function is deployed with, in GB.
const asyncFunctionGB = MinMemoryMB / 1024.0

// Orchestration is about what Step Functions and the async function cost for one call: state transitions, and
// invocations of the async function that take the given time each. The wrapped function costs what it cost before.
func (p Prices) Orchestration(transitions, invocations int, each time.Duration) float64 {
	invocation := p.LambdaRequest + p.LambdaGBSecond*asyncFunctionGB*each.Seconds()
	return float64(transitions)*p.StateTransition + float64(invocations)*invocation
}

// Voice is what Amazon Connect takes for a caller's time, without telephony. Its minimum of a few seconds a call is
// left out.
func (p Prices) Voice(d time.Duration) float64 { return d.Minutes() * p.VoiceMinute }

// Telephony is what a caller's time costs beside that, 0 where it is not known.
func (p Prices) Telephony(d time.Duration) float64 { return d.Minutes() * p.TelephonyMinute }
