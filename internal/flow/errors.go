package flow

// The error types of the flow language (developer guide, pages of the actions).
const (
	NoMatchingError             = "NoMatchingError"
	NoMatchingCondition         = "NoMatchingCondition" // stands among the errors, but is an ordinary outcome
	InputTimeLimitExceeded      = "InputTimeLimitExceeded"
	InvalidPhoneNumber          = "InvalidPhoneNumber"
	QueueAtCapacity             = "QueueAtCapacity"
	InvalidCallbackNumber       = "InvalidCallbackNumber"
	CallbackNumberNotDialable   = "CallbackNumberNotDialable"
	TimeLimitExceeded           = "TimeLimitExceeded"
	ParticipantNotFound         = "ParticipantNotFound"
	ConnectionTimeLimitExceeded = "ConnectionTimeLimitExceeded"
	CallFailed                  = "CallFailed"
	ContactNotLinked            = "ContactNotLinked"
	ChannelMismatch             = "ChannelMismatch"
	InProgress                  = "InProgress"
)
