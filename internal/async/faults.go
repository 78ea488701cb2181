package async

import (
	"errors"
	"strings"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// Error codes of Step Functions that have a meaning of their own here.
const (
	codeAlreadyExists = "ExecutionAlreadyExists"
	codeDoesNotExist  = "ExecutionDoesNotExist"
)

// throttles are the codes that say "too fast". KmsThrottlingException is one of them, unlike the other Kms codes.
// Sources: the SDK's list of throttling codes, and the operations' error lists.
var throttles = map[string]bool{
	"Throttling": true, "ThrottlingException": true, "ThrottledException": true, "RequestThrottled": true,
	"RequestThrottledException": true, "TooManyRequestsException": true, "RequestLimitExceeded": true,
	"ProvisionedThroughputExceededException": true, "LimitExceededException": true, "KmsThrottlingException": true,
}

// transients are further codes after which the same call may succeed. They come with a status below 500.
var transients = map[string]bool{
	"RequestTimeout": true, "RequestTimeoutException": true, "RequestTimeTooSkewed": true,
	"TransactionInProgressException": true, "InternalServerError": true, "InternalFailure": true,
	"ServiceUnavailable": true,
	// Reasons why a transaction of DynamoDB was cancelled.
	"TransactionConflict": true, "ThrottlingError": true, "ProvisionedThroughputExceeded": true,
}

// code is the service's error code, empty when there was no answer.
func code(err error) string {
	var e *ServiceError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// throttled reports whether the service asked for fewer calls.
func throttled(err error) bool {
	var e *ServiceError
	return errors.As(err, &e) && (throttles[e.Code] || e.Status == 429)
}

// unanswered reports whether the call was lost on the way, so that nobody knows whether the service acted on it.
func unanswered(err error) bool { return err != nil && code(err) == "" }

// unsettled reports whether the service may have acted on a call that failed: it did not answer, or with a fault of its
// own.
func unsettled(err error) bool {
	var e *ServiceError
	return unanswered(err) || errors.As(err, &e) && (e.Status >= 500 || transients[e.Code])
}

// retryable reports whether the same call may succeed later: throttling, a fault of the service, a time-out, a lost
// connection. All other errors are permanent: someone has to fix something.
func retryable(err error) bool {
	var e *ServiceError
	if !errors.As(err, &e) {
		return err != nil
	}
	return e.Code == "" || throttled(err) || transients[e.Code] || e.Status >= 500
}

// deniedMessage is the service's sentence when it denied access. It names the role, the action and the resource, and
// nothing of the request, so that it may be logged.
func deniedMessage(err error) string {
	var e *ServiceError
	if errors.As(err, &e) && strings.HasPrefix(e.Code, "AccessDenied") {
		return e.Message
	}
	return ""
}

// faultCause says in a sentence what a permanent fault means and what to do.
func faultCause(operation string, err error) string {
	c := code(err)
	remedy := "see the function's log"
	switch {
	case strings.HasPrefix(c, "AccessDenied"):
		remedy = "allow " + operation + " in the policy of the function's role"
	case strings.HasPrefix(c, "Kms"):
		remedy = "check the key, and that the function's role may use it"
	case c == "StateMachineDoesNotExist", c == "StateMachineDeleting", c == "InvalidArn":
		remedy = "check STATE_MACHINE_ARN or STATE_MACHINES"
	case c == "ResourceNotFoundException" &&
		(operation == deliverOperations[DeliverTask] || operation == deliverOperations[DeliverBus]):
		remedy = "check deliver_to"
	case c == "QueueDoesNotExist":
		remedy = "check deliver_to and LOOKS_QUEUE_URL"
	case c == "ResourceNotFoundException":
		remedy = "check RESULTS_TABLE"
	case c == codeDoesNotExist:
		remedy = "start it again; Step Functions forgets executions " + awsfacts.Days(awsfacts.ExecutionKept) +
			" after they ended"
	case c == "StateMachineTypeNotSupported":
		remedy = "use a state machine of type STANDARD"
	}
	return operation + " answered " + c + ": " + remedy + "."
}
