package awsfacts

// Lengths of names, read on 2026-11-26 in the API references of IAM (CreateRole, TagRole) and Step Functions
// (CreateStateMachine), and in the guide to tagging AWS resources.
const (
	// RoleName is the most characters that the name of a role has.
	RoleName = 64
	// StateMachineName is the most characters that the name of a state machine has.
	StateMachineName = 80
	// TagKey and TagValue are the most characters of a tag, and TagPrefix is what no key may begin with.
	TagKey    = 128
	TagValue  = 256
	TagPrefix = "aws:"
)
