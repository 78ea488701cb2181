package messaging

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// attribute is a MessageAttributeValue of SQS or SNS.
type attribute struct {
	DataType    text
	StringValue *text
	BinaryValue []byte
}

type attributes map[string]attribute

// maxAttributes is how many a message of SQS can have.
const maxAttributes = 10

// attributeName is what the name of an attribute may be (API references of SendMessage and Publish).
var attributeName = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

// dataType begins with one of these, and may have a type of one's own after a dot.
var dataType = regexp.MustCompile(`^(String|Number|Binary)(\..+)?$`)

// numberForm is how a number is written. Its digits (38) and its size (10^-128 to 10^126) are not checked.
var numberForm = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

// problem says what is wrong with the attributes, "" when nothing is. notNumber is what the service says of an
// attribute of type Number that has another value. A placeholder is taken as a number.
func (a attributes) problem(notNumber string) string {
	for _, name := range slices.Sorted(maps.Keys(a)) {
		one := a[name]
		kind, _, _ := strings.Cut(string(one.DataType), ".")
		switch {
		case !attributeName.MatchString(name) || len(name) > 256 || reserved(name):
			return fmt.Sprintf("The message attribute name '%s' is invalid.", name)
		case one.DataType == "":
			return fmt.Sprintf("The message attribute '%s' must contain a non-empty message attribute type.", name)
		case !dataType.MatchString(string(one.DataType)):
			return fmt.Sprintf("The message attribute '%s' has an invalid message attribute type, the set of "+
				"supported type prefixes is Binary, Number, and String.", name)
		case kind == "Binary" && len(one.BinaryValue) == 0 ||
			kind != "Binary" && (one.StringValue == nil || *one.StringValue == ""):
			return fmt.Sprintf("The message attribute '%s' must contain a non-empty message attribute value for "+
				"message attribute type '%s'.", name, one.DataType)
		case kind == "Number" && !isNumeric(string(*one.StringValue)):
			return fmt.Sprintf(notNumber, name)
		}
	}
	return ""
}

func isNumeric(s string) bool { return numberForm.MatchString(s) || isPlaceholder(s) }

// reserved reports whether the name of an attribute begins as only those of AWS do.
func reserved(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(lower, "aws.") || strings.HasPrefix(lower, "amazon.")
}

// shown are the attributes as a Message has them.
func (a attributes) shown() map[string]Attribute {
	if len(a) == 0 {
		return nil
	}
	shown := map[string]Attribute{}
	for name, one := range a {
		s := Attribute{Type: string(one.DataType), Binary: one.BinaryValue}
		if one.StringValue != nil {
			s.Value = string(*one.StringValue)
		}
		shown[name] = s
	}
	return shown
}

// digest is MD5OfMessageAttributes, "" without attributes: MD5 over names, types and values in the order of the names,
// each after its length (SQS developer guide, "Calculating the MD5 message digest for message attributes").
func (a attributes) digest() string {
	if len(a) == 0 {
		return ""
	}
	var b []byte
	add := func(part []byte) { b = append(binary.BigEndian.AppendUint32(b, uint32(len(part))), part...) }
	for _, name := range slices.Sorted(maps.Keys(a)) {
		one := a[name]
		add([]byte(name))
		add([]byte(one.DataType))
		if strings.HasPrefix(string(one.DataType), "Binary") {
			b = append(b, 2)
			add(one.BinaryValue)
			continue
		}
		b = append(b, 1)
		add([]byte(*one.StringValue))
	}
	return md5Of(b)
}

func md5Of(b []byte) string {
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}
