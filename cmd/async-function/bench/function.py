"""A Lambda function that makes one DescribeExecution call, with the runtime loop that Lambda's own Python runtime has."""
import http.client
import json
import os
import sys

import boto3

reused = boto3.client("stepfunctions") if sys.argv[1] == "reused" else None


def handler(event):
    client = reused or boto3.client("stepfunctions")
    execution = client.describe_execution(executionArn=event["Details"]["Parameters"]["execution_id"])
    return {"status": execution["status"]}


api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    response = api.getresponse()
    reply = json.dumps(handler(json.loads(response.read())))
    path = "/2018-06-01/runtime/invocation/%s/response" % response.headers["Lambda-Runtime-Aws-Request-Id"]
    api.request("POST", path, reply)
    api.getresponse().read()
