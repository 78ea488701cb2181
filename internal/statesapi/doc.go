// Package statesapi serves the HTTP API of Step Functions over a local account: AWS JSON 1.0, as the AWS CLI and the
// SDKs speak it. On the same port it serves the operations of DynamoDB that internal/dynamodb has, on the account's
// tables.
//
// Shapes, error codes and texts are those of the services; where a comment says "recorded", they were seen in answers
// recorded from AWS. Signatures are not checked, nothing is throttled, and there is one Region. An operation that is
// not served is refused as the service refuses one that it does not know.
//
// StartSyncExecution and TestState do not work with every client as they are: clients put "sync-" in front of the
// host, and sync-127.0.0.1 is not a host. boto3 and the AWS CLI leave it out with
// AWS_DISABLE_HOST_PREFIX_INJECTION=true.
//
// Tasks of aws-sdk:sfn call the same operations, once Perform was told of their account.
//
// It imports internal/local, internal/asl, internal/dynamodb, internal/loopback and internal/value. An API lives as
// long as its account and keeps no state.
package statesapi
