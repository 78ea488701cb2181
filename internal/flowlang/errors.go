package flowlang

// The error types of the flow language (Developer guide, pages of the actions; GetCase and profiles: live).
const (
	NoMatchingError             = "NoMatchingError"
	NoMatchingCondition         = "NoMatchingCondition" // is written as an error, but is an ordinary outcome
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
	MultipleFound               = "MultipleFound"
	NoneFound                   = "NoneFound"
	MultipleFoundError          = "MultipleFoundError"
	NoneFoundError              = "NoneFoundError"
	RedactionFailed             = "InFlightRedactionConfigurationFailed"
	TemplateRenderingError      = "TemplateRenderingError" // live
)
