package awsfacts

// Lengths of names, read on 2026-11-26 in the API references of IAM (CreateRole, TagRole) and Step Functions
// (CreateStateMachine), and in the guide to tagging AWS resources.
const (
	// RoleName is the most characters that the name of a role has, RoleNameCharacters what they are (as a class of a
	// regular expression), and RolePath the most characters of its path.
	RoleName           = 64
	RoleNameCharacters = `A-Za-z0-9_+=,.@-`
	RolePath           = 512
	// StateMachineName is the most characters that the name of a state machine has.
	StateMachineName = 80
	// TagKey and TagValue are the most characters of a tag, TagPrefix is what no key may begin with, and TagCharacters
	// what both may consist of (as a class of a regular expression). A resource can have so many Tags.
	TagKey        = 128
	TagValue      = 256
	TagPrefix     = "aws:"
	TagCharacters = `\p{L}\p{Z}\p{N}_.:/=+\-@`
	Tags          = 50
	// FlowTagKeyCharacters are those of a tag's key on a contact flow, which CloudFormation and the CDK refuse others
	// for: the reference of AWS::Connect::ContactFlow Tag, read on 2026-11-27. Its text allows spaces and the letters
	// of all languages, and its pattern does not.
	FlowTagKeyCharacters = `A-Za-z0-9_.:/=+\-`
)
