package deploy

import (
	"fmt"
	"slices"
	"strconv"
)

// resource is one resource in the vocabulary of CloudFormation or of the Terraform provider.
type resource struct {
	key        string // kind and name, such as role.async
	kind       string // AWS::IAM::Role, aws_iam_role
	properties object
	after      []string // keys of what must be there before, beyond what the properties refer to
	retained   bool     // it stays when everything is removed; the Terraform provider has a property for that
}

// item is a part of the model that knows what it is in both vocabularies.
type item interface {
	cloudFormation() resource
	terraform() resource
}

// value is the value of a property. The types below are all there are: each writer has a case for each of them, and
// panics for one that it does not know; a test goes through all of them with every writer.
type value interface{ isValue() }

type (
	// plain is a string without references.
	plain string
	// number is a whole number.
	number int
	// decimal is a number with a fraction.
	decimal float64
	// truth is true or false.
	truth bool
	// object is an object with the keys of the vocabulary.
	object []field
	// list is a list.
	list []value
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
		variable  string
		number    bool // the variable is a number
		value     value
		otherwise value // instead of leaving it out, nil for that
	}
	// fraction is a variable that holds a number with decimals as text, as a number.
	fraction struct{ variable string }
	// keyed is an object with one member whose key is known only when it is created.
	keyed struct {
		key   text
		value value
	}
	// expression is an expression of Terraform's language.
	expression string
	// packageFile is the path of the async function's deployment package.
	packageFile struct{}
	// packageHash is the hash of that package.
	packageHash struct{}
)

func (plain) isValue()       {}
func (number) isValue()      {}
func (decimal) isValue()     {}
func (truth) isValue()       {}
func (text) isValue()        {}
func (object) isValue()      {}
func (list) isValue()        {}
func (verbatim) isValue()    {}
func (encoded) isValue()     {}
func (block) isValue()       {}
func (blocks) isValue()      {}
func (numeral) isValue()     {}
func (optional) isValue()    {}
func (fraction) isValue()    {}
func (keyed) isValue()       {}
func (document) isValue()    {}
func (expression) isValue()  {}
func (packageFile) isValue() {}
func (packageHash) isValue() {}

// String is the number as every writer writes it.
func (d decimal) String() string { return strconv.FormatFloat(float64(d), 'f', -1, 64) }

// unknown is what a writer panics with when it meets a value that it has no case for.
func unknown(writer string, v value) string {
	return fmt.Sprintf("deploy: %s cannot write a %T", writer, v)
}

type field struct {
	key     string
	value   value
	comment string
}

// with returns the object with one more field.
func (o object) with(key string, v value) object { return append(o, field{key: key, value: v}) }

// set returns the object with another value for a field that it has.
func (o object) set(key string, v value) object {
	out := slices.Clone(o)
	for i := range out {
		if out[i].key == key {
			out[i].value = v
		}
	}
	return out
}

// get returns the value of a field, nil when there is none.
func (o object) get(key string) value {
	for _, f := range o {
		if f.key == key {
			return f.value
		}
	}
	return nil
}

// properties makes an object of keys and values in turn. A value is one of the types above, or a string, int or bool of
// Go.
func properties(pairs ...any) object {
	var o object
	for i := 0; i < len(pairs); i += 2 {
		o = o.with(pairs[i].(string), valueOf(pairs[i+1]))
	}
	return o
}

func valueOf(v any) value {
	switch v := v.(type) {
	case string:
		return plain(v)
	case int:
		return number(v)
	case bool:
		return truth(v)
	case value:
		return v
	}
	panic(fmt.Sprintf("deploy: %T is not the type of a value", v))
}
