package deploy

// resource is one resource in the vocabulary of CloudFormation or of the Terraform provider.
type resource struct {
	key        string // kind and name, such as role.async
	kind       string // AWS::IAM::Role, aws_iam_role
	properties object
	after      []string // keys of what must be there before, beyond what the properties refer to
}

// item is a part of the model that knows what it is in both vocabularies.
type item interface {
	cloudFormation() resource
	terraform() resource
}

// The values of properties: string, int, bool and text stand for themselves; the others are below.
type (
	// object is an object with the keys of the vocabulary.
	object []field
	// list is a list.
	list []any
	// verbatim is an object whose keys belong to the user or to another language, such as IAM's.
	verbatim object
	// encoded is an object that the Terraform provider wants as JSON text, and CloudFormation as it is.
	encoded object
	// block is an object that Terraform writes as a nested block.
	block object
	// blocks are objects of which Terraform writes each as a nested block.
	blocks []object
	// numeral is a variable that holds a number, as text.
	numeral struct{ variable string }
	// optional is a value that is left out when a variable is empty.
	optional struct {
		variable string
		value    any
	}
	// packageFile is the path of the async function's deployment package.
	packageFile struct{}
	// packageHash is the hash of that package.
	packageHash struct{}
)

type field struct {
	key     string
	value   any
	comment string
}

// with returns the object with one more field.
func (o object) with(key string, value any) object { return append(o, field{key: key, value: value}) }

// properties makes an object of keys and values in turn.
func properties(pairs ...any) object {
	var o object
	for i := 0; i < len(pairs); i += 2 {
		o = o.with(pairs[i].(string), pairs[i+1])
	}
	return o
}
