// Package backend gives the async function what it needs of AWS: Executions is Step Functions, Results a table of
// DynamoDB. Both translate one call into one request of the AWS SDK and the answer back, and decide nothing.
// Effects are the services that only the function for ends needs, where a job minds when its caller hangs up.
//
// The clients do not repeat requests, since async does that within its own limits, and read no configuration files,
// since that costs time at every cold start. They are made once, before the first event, and may be used concurrently.
//
// It imports internal/async, internal/arn, internal/awsrequest, internal/clock and the AWS SDK.
package backend
