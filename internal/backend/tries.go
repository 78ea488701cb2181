package backend

import "github.com/aws/smithy-go/middleware"

// around are the steps that the SDK takes around the tries of a request: it counts and measures them, tells the service
// how many there were, and corrects a clock that is wrong, which Lambda's is not.
var around = []string{"spanRetryLoop", "InterceptBeforeRetryLoop", "Retry", "InterceptAttempt", "RetryMetricsHeader"}

// oneTry leaves out of the SDK's steps for a request what makes sense of several tries only: async tries again itself,
// within its own limits. Besides, nothing of the SDK is logged. A step that a version of the SDK does not have is no
// error: a test holds the names.
func oneTry(stack *middleware.Stack) error {
	for _, id := range around {
		_, _ = stack.Finalize.Remove(id)
	}
	_, _ = stack.Build.Remove("ClientRequestID") // the same for each try of a request
	_, _ = stack.Deserialize.Remove("RequestResponseLogger")
	return nil
}
