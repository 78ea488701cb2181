package deploy_test

// required is what each project needs in AWS, written by hand: every resource with what matters of it, and every action that a
// role may perform on every resource.
var required = map[string]string{
	"describe": `
log group /aws/lambda/bank-async for 30 days, key none
log group /aws/vendedlogs/states/bank-balance for 30 days, key none
role /bank-async trusts {"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"}}],"Version":"2012-10-17"}, bounded by none
role /bank-balance-states trusts {"Statement":[{"Action":"sts:AssumeRole","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:states:us-east-1:111122223333:stateMachine:bank-balance"},"StringEquals":{"aws:SourceAccount":"111122223333"}},"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"}}],"Version":"2012-10-17"}, bounded by none
bank-async may states:StartExecution on arn:aws:states:us-east-1:111122223333:stateMachine:bank-balance
bank-async may states:DescribeExecution on arn:aws:states:us-east-1:111122223333:execution:bank-balance:*
bank-async may states:StopExecution on arn:aws:states:us-east-1:111122223333:execution:bank-balance:*
bank-async may logs:CreateLogStream on arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/bank-async:*
bank-async may logs:PutLogEvents on arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/bank-async:*
bank-balance-states may lambda:InvokeFunction on arn:aws:lambda:us-east-1:111122223333:function:slow
bank-balance-states may logs:CreateLogDelivery on *
bank-balance-states may logs:GetLogDelivery on *
bank-balance-states may logs:UpdateLogDelivery on *
bank-balance-states may logs:DeleteLogDelivery on *
bank-balance-states may logs:ListLogDeliveries on *
bank-balance-states may logs:PutResourcePolicy on *
bank-balance-states may logs:DescribeResourcePolicies on *
bank-balance-states may logs:DescribeLogGroups on *
state machine bank-balance STANDARD as arn:aws:iam::111122223333:role/bank-balance-states, logs ERROR data false to arn:aws:logs:us-east-1:111122223333:log-group:/aws/vendedlogs/states/bank-balance:*, key none none
function bank-async provided.al2023 bootstrap ["arm64"] 128 MB 60 s as arn:aws:iam::111122223333:role/bank-async, reserved none, key none, {"EXPECTED_CALLERS":"10","INPUT":"event","OWN_CONTACT_ONLY":"false","STATE_MACHINES":"{\"balance\":{\"arn\":\"arn:aws:states:us-east-1:111122223333:stateMachine:bank-balance\",\"timeout_seconds\":120}}"}
connect.amazonaws.com of 111122223333 arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555 may lambda:InvokeFunction bank-async
instance 11111111-2222-3333-4444-555555555555 has arn:aws:lambda:us-east-1:111122223333:function:bank-async
flow bank-flow CONTACT_FLOW in 11111111-2222-3333-4444-555555555555
alarm bank-balance-ExecutionsFailed: Sum AWS/States ExecutionsFailed of {"StateMachineArn":"arn:aws:states:us-east-1:111122223333:stateMachine:bank-balance"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells none
alarm bank-balance-ExecutionsTimedOut: Sum AWS/States ExecutionsTimedOut of {"StateMachineArn":"arn:aws:states:us-east-1:111122223333:stateMachine:bank-balance"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells none
alarm bank-balance-Degraded: Sum connect-async Degraded of {"job":"balance"} GreaterThanThreshold 10 in 1 x 300 s, notBreaching, tells none
alarm bank-balance-Faults: Sum connect-async Faults of {"job":"balance"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells none
alarm bank-balance-GiveUps: Sum connect-async GiveUps of {"job":"balance"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells none
alarm bank-balance-WaitingAge: Maximum connect-async WaitingAge of {"job":"balance"} GreaterThanThreshold 120 in 1 x 300 s, notBreaching, tells none
alarm bank-async-Errors: Sum AWS/Lambda Errors of {"FunctionName":"bank-async"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells none
alarm bank-async-Throttles: Sum AWS/Lambda Throttles of {"FunctionName":"bank-async"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells none
dashboard bank
`,
	"table": `
log group /aws/lambda/bank-async for 30 days, key arn:aws:kms:us-east-1:111122223333:key/k
log group /aws/vendedlogs/states/bank-balance for 30 days, key arn:aws:kms:us-east-1:111122223333:key/k
log group /aws/vendedlogs/states/bank-pay-out for 30 days, key arn:aws:kms:us-east-1:111122223333:key/k
table bank-results PAY_PER_REQUEST by execution S, forgets by expires true, key arn:aws:kms:us-east-1:111122223333:key/k
role /voice/team-bank-async trusts {"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"}}],"Version":"2012-10-17"}, bounded by arn:aws:iam::111122223333:policy/boundary
role /voice/team-bank-balance-states trusts {"Statement":[{"Action":"sts:AssumeRole","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:states:us-east-1:111122223333:stateMachine:bank-balance"},"StringEquals":{"aws:SourceAccount":"111122223333"}},"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"}}],"Version":"2012-10-17"}, bounded by arn:aws:iam::111122223333:policy/boundary
role /voice/team-bank-pay-out-states trusts {"Statement":[{"Action":"sts:AssumeRole","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:states:us-east-1:111122223333:stateMachine:bank-pay-out"},"StringEquals":{"aws:SourceAccount":"111122223333"}},"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"}}],"Version":"2012-10-17"}, bounded by arn:aws:iam::111122223333:policy/boundary
team-bank-async may states:StartExecution on arn:aws:states:us-east-1:111122223333:stateMachine:bank-balance
team-bank-async may states:StartExecution on arn:aws:states:us-east-1:111122223333:stateMachine:bank-pay-out
team-bank-async may states:DescribeExecution on arn:aws:states:us-east-1:111122223333:execution:bank-balance:*
team-bank-async may states:DescribeExecution on arn:aws:states:us-east-1:111122223333:execution:bank-pay-out:*
team-bank-async may states:StopExecution on arn:aws:states:us-east-1:111122223333:execution:bank-balance:*
team-bank-async may states:StopExecution on arn:aws:states:us-east-1:111122223333:execution:bank-pay-out:*
team-bank-async may dynamodb:GetItem on arn:aws:dynamodb:us-east-1:111122223333:table/bank-results
team-bank-async may dynamodb:PutItem on arn:aws:dynamodb:us-east-1:111122223333:table/bank-results
team-bank-async may dynamodb:UpdateItem on arn:aws:dynamodb:us-east-1:111122223333:table/bank-results
team-bank-async may logs:CreateLogStream on arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/bank-async:*
team-bank-async may logs:PutLogEvents on arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/bank-async:*
team-bank-async may kms:Decrypt on arn:aws:kms:us-east-1:111122223333:key/k
team-bank-async may kms:GenerateDataKey on arn:aws:kms:us-east-1:111122223333:key/k
team-bank-balance-states may lambda:InvokeFunction on arn:aws:lambda:us-east-1:111122223333:function:slow:live
team-bank-balance-states may dynamodb:UpdateItem on arn:aws:dynamodb:us-east-1:111122223333:table/bank-results
team-bank-balance-states may logs:CreateLogDelivery on *
team-bank-balance-states may logs:GetLogDelivery on *
team-bank-balance-states may logs:UpdateLogDelivery on *
team-bank-balance-states may logs:DeleteLogDelivery on *
team-bank-balance-states may logs:ListLogDeliveries on *
team-bank-balance-states may logs:PutResourcePolicy on *
team-bank-balance-states may logs:DescribeResourcePolicies on *
team-bank-balance-states may logs:DescribeLogGroups on *
team-bank-balance-states may kms:Decrypt on arn:aws:kms:us-east-1:111122223333:key/k
team-bank-balance-states may kms:GenerateDataKey on arn:aws:kms:us-east-1:111122223333:key/k
team-bank-pay-out-states may lambda:InvokeFunction on arn:aws:lambda:us-east-1:111122223333:function:look-up
team-bank-pay-out-states may lambda:InvokeFunction on arn:aws:lambda:us-east-1:111122223333:function:pay
team-bank-pay-out-states may lambda:InvokeFunction on arn:aws:lambda:us-east-1:111122223333:function:receipt
team-bank-pay-out-states may dynamodb:UpdateItem on arn:aws:dynamodb:us-east-1:111122223333:table/bank-results
team-bank-pay-out-states may logs:CreateLogDelivery on *
team-bank-pay-out-states may logs:GetLogDelivery on *
team-bank-pay-out-states may logs:UpdateLogDelivery on *
team-bank-pay-out-states may logs:DeleteLogDelivery on *
team-bank-pay-out-states may logs:ListLogDeliveries on *
team-bank-pay-out-states may logs:PutResourcePolicy on *
team-bank-pay-out-states may logs:DescribeResourcePolicies on *
team-bank-pay-out-states may logs:DescribeLogGroups on *
team-bank-pay-out-states may kms:Decrypt on arn:aws:kms:us-east-1:111122223333:key/k
team-bank-pay-out-states may kms:GenerateDataKey on arn:aws:kms:us-east-1:111122223333:key/k
state machine bank-balance STANDARD as arn:aws:iam::111122223333:role/voice/team-bank-balance-states, logs ERROR data false to arn:aws:logs:us-east-1:111122223333:log-group:/aws/vendedlogs/states/bank-balance:*, key arn:aws:kms:us-east-1:111122223333:key/k CUSTOMER_MANAGED_KMS_KEY
state machine bank-pay-out STANDARD as arn:aws:iam::111122223333:role/voice/team-bank-pay-out-states, logs ERROR data false to arn:aws:logs:us-east-1:111122223333:log-group:/aws/vendedlogs/states/bank-pay-out:*, key arn:aws:kms:us-east-1:111122223333:key/k CUSTOMER_MANAGED_KMS_KEY
function bank-async provided.al2023 bootstrap ["arm64"] 128 MB 60 s as arn:aws:iam::111122223333:role/voice/team-bank-async, reserved 50, key arn:aws:kms:us-east-1:111122223333:key/k, {"EXPECTED_CALLERS":"10","INPUT":"minimal","OWN_CONTACT_ONLY":"false","RESULTS_TABLE":"bank-results","STATE_MACHINES":"{\"balance\":{\"arn\":\"arn:aws:states:us-east-1:111122223333:stateMachine:bank-balance\",\"timeout_seconds\":120},\"pay-out\":{\"arn\":\"arn:aws:states:us-east-1:111122223333:stateMachine:bank-pay-out\",\"timeout_seconds\":300}}"}
connect.amazonaws.com of 111122223333 arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555 may lambda:InvokeFunction bank-async
instance 11111111-2222-3333-4444-555555555555 has arn:aws:lambda:us-east-1:111122223333:function:bank-async
flow bank-flow CONTACT_FLOW in 11111111-2222-3333-4444-555555555555
flow bank-wait CONTACT_FLOW in 11111111-2222-3333-4444-555555555555
alarm bank-balance-ExecutionsFailed: Sum AWS/States ExecutionsFailed of {"StateMachineArn":"arn:aws:states:us-east-1:111122223333:stateMachine:bank-balance"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-balance-ExecutionsTimedOut: Sum AWS/States ExecutionsTimedOut of {"StateMachineArn":"arn:aws:states:us-east-1:111122223333:stateMachine:bank-balance"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-balance-Degraded: Sum connect-async Degraded of {"job":"balance"} GreaterThanThreshold 10 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-balance-Faults: Sum connect-async Faults of {"job":"balance"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-balance-GiveUps: Sum connect-async GiveUps of {"job":"balance"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-balance-WaitingAge: Maximum connect-async WaitingAge of {"job":"balance"} GreaterThanThreshold 120 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-pay-out-ExecutionsFailed: Sum AWS/States ExecutionsFailed of {"StateMachineArn":"arn:aws:states:us-east-1:111122223333:stateMachine:bank-pay-out"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-pay-out-ExecutionsTimedOut: Sum AWS/States ExecutionsTimedOut of {"StateMachineArn":"arn:aws:states:us-east-1:111122223333:stateMachine:bank-pay-out"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-pay-out-Degraded: Sum connect-async Degraded of {"job":"pay-out"} GreaterThanThreshold 10 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-pay-out-Faults: Sum connect-async Faults of {"job":"pay-out"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-pay-out-GiveUps: Sum connect-async GiveUps of {"job":"pay-out"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-pay-out-WaitingAge: Maximum connect-async WaitingAge of {"job":"pay-out"} GreaterThanThreshold 300 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-async-Errors: Sum AWS/Lambda Errors of {"FunctionName":"bank-async"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
alarm bank-async-Throttles: Sum AWS/Lambda Throttles of {"FunctionName":"bank-async"} GreaterThanThreshold 0 in 1 x 300 s, notBreaching, tells ["arn:aws:sns:us-east-1:111122223333:alarms"]
dashboard bank
`,
}
