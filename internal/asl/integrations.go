package asl

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
)

// The service integration patterns, by the short names that the table below needs.
const (
	patternSync  = arn.PatternSync
	patternSync2 = arn.PatternSync2
	patternToken = arn.PatternToken
)

// optimized are the integrations that Step Functions has of its own for services, and the patterns that each API
// supports beside request-response (AWS developer guide, "Integrating optimized services" and the page of each
// service). Of Amazon EKS and Amazon Bedrock the pages do not say which APIs take a task token; all of the ones that
// do work do here.
var optimized = map[string]map[string][]string{
	"apigateway": {"invoke": {patternToken}},
	"athena": {
		"startQueryExecution": {patternSync}, "stopQueryExecution": nil, "getQueryExecution": nil,
		"getQueryResults": nil,
	},
	"batch":             {"submitJob": {patternSync}},
	"bedrock":           {"invokeModel": {patternToken}, "createModelCustomizationJob": {patternSync}},
	"bedrock-agentcore": {"invokeHarness": nil},
	"codebuild": {
		"startBuild": {patternSync}, "stopBuild": nil, "batchDeleteBuilds": nil, "batchGetReports": nil,
		"startBuildBatch": {patternSync}, "stopBuildBatch": nil, "retryBuildBatch": {patternSync},
		"deleteBuildBatch": nil,
	},
	"databrew": {"startJobRun": {patternSync}},
	"dynamodb": {"getItem": nil, "putItem": nil, "updateItem": nil, "deleteItem": nil},
	"ecs":      {"runTask": {patternSync, patternToken}},
	"eks": {
		"call": {patternToken}, "runJob": {patternSync, patternToken},
		"createCluster": {patternSync}, "deleteCluster": {patternSync},
		"createNodegroup": {patternSync}, "deleteNodegroup": {patternSync},
		"createFargateProfile": {patternSync}, "deleteFargateProfile": {patternSync},
	},
	"elasticmapreduce": {
		"createCluster": {patternSync}, "terminateCluster": {patternSync}, "addStep": {patternSync}, "cancelStep": nil,
		"modifyInstanceFleetByName": nil, "modifyInstanceGroupByName": nil, "setClusterTerminationProtection": nil,
	},
	"emr-containers": {
		"createVirtualCluster": nil, "deleteVirtualCluster": {patternSync}, "startJobRun": {patternSync},
	},
	"emr-serverless": {
		"createApplication": {patternSync}, "startApplication": {patternSync}, "stopApplication": {patternSync},
		"deleteApplication": {patternSync}, "startJobRun": {patternSync}, "cancelJobRun": {patternSync},
	},
	"events":       {"putEvents": {patternToken}},
	"glue":         {"startJobRun": {patternSync}},
	"http":         {"invoke": nil},
	"lambda":       {"invoke": {patternToken}},
	"mediaconvert": {"createJob": {patternSync}},
	"sagemaker": {
		"createEndpoint": nil, "createEndpointConfig": nil, "createModel": nil, "updateEndpoint": nil,
		"createHyperParameterTuningJob": {patternSync}, "createLabelingJob": {patternSync},
		"createProcessingJob": {patternSync}, "createTrainingJob": {patternSync}, "createTransformJob": {patternSync},
	},
	"sns":    {"publish": {patternToken}},
	"sqs":    {"sendMessage": {patternToken}},
	"states": {"startExecution": {patternSync, patternSync2, patternToken}},
}

// sdkPrefix begins the name of a service that is called through the AWS SDK: any API of any service.
const sdkPrefix = "aws-sdk:"

// sdkCall is a service and an API as an aws-sdk resource spells them, such as s3 and listObjectsV2.
var sdkCall = regexp.MustCompile(`^[a-z][a-z0-9]*:[a-z][A-Za-z0-9]*$`)

// recognized reports whether Step Functions has the integration that a resource names.
func (r resource) recognized() bool {
	if r.direct {
		return true
	}
	if service, isSDK := strings.CutPrefix(r.service, sdkPrefix); isSDK {
		return sdkCall.MatchString(service+":"+r.action) && (r.pattern == "" || r.pattern == patternToken)
	}
	patterns, known := optimized[r.service][r.action]
	return known && (r.pattern == "" || slices.Contains(patterns, r.pattern))
}

// resourceRemedy says which forms a resource that is not recognized could have.
func (r resource) resourceRemedy() string {
	apis, known := optimized[r.service]
	patterns, hasAPI := apis[r.action]
	switch {
	case strings.HasPrefix(r.service, sdkPrefix) && r.pattern != "" && r.pattern != patternToken:
		return "Leave ." + r.pattern + " out: aws-sdk integrations do not wait for a job."
	case strings.HasPrefix(r.service, sdkPrefix):
		return "Write arn:aws:states:::aws-sdk:SERVICE:API, the API with a small first letter, such as s3:getObject."
	case hasAPI && len(patterns) == 0:
		return fmt.Sprintf("Leave .%s out: %s:%s has no such form.", r.pattern, r.service, r.action)
	case hasAPI:
		return fmt.Sprintf("Leave .%s out, or use .%s.", r.pattern, strings.Join(patterns, " or ."))
	case known:
		return fmt.Sprintf("Use %s of the optimized integration, or arn:aws:states:::aws-sdk:%s:%s for any other API.",
			strings.Join(slices.Sorted(maps.Keys(apis)), ", "), sdkService(r.service), r.action)
	}
	return "Write arn:aws:states:::aws-sdk:SERVICE:API for a service without an optimized integration."
}

// sdkService is how aws-sdk resources spell a service.
func sdkService(service string) string {
	if service == "states" {
		return "sfn"
	}
	return strings.ReplaceAll(service, "-", "")
}
