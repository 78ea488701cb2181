package jsonpath

import (
	"errors"
	"fmt"
	"math"

	"github.com/connect-async/connect-async/internal/value"
)

// function is an intrinsic function. example is a call without paths, and result its value as JSON ("" where it is
// random); a test evaluates every one.
type function struct {
	name      string
	signature string
	min, max  int // numbers of arguments
	doc       string
	example   string
	result    string
	run       func(*call) (any, error)
}

// call is one call of a function: its arguments' values. template is the first argument as a text whose backslashes
// are still in it, for States.Format.
type call struct {
	values   []any
	template string
	random   func() uint64
}

const anyNumber = math.MaxInt

// functions are the intrinsic functions, in the order of the AWS developer guide.
var functions = []function{
	{"States.Array", "(value, …)", 0, anyNumber, "An array of the arguments.",
		"States.Array('a', 1)", `["a",1]`, (*call).array},
	{"States.ArrayPartition", "(array, size)", 2, 2, "The array cut into arrays of at most size elements.",
		"States.ArrayPartition(States.Array(1, 2, 3), 2)", `[[1,2],[3]]`, (*call).arrayPartition},
	{"States.ArrayContains", "(array, value)", 2, 2, "Whether the array has an element equal to value.",
		"States.ArrayContains(States.Array(1, 2), 2)", `true`, (*call).arrayContains},
	{"States.ArrayRange", "(first, last, step)", 3, 3, "The numbers from first to last, step apart, at most 1,000.",
		"States.ArrayRange(1, 9, 4)", `[1,5,9]`, (*call).arrayRange},
	{"States.ArrayGetItem", "(array, index)", 2, 2, "The element at index, counted from 0.",
		"States.ArrayGetItem(States.Array('a', 'b'), 1)", `"b"`, (*call).arrayGetItem},
	{"States.ArrayLength", "(array)", 1, 1, "The number of elements.",
		"States.ArrayLength(States.Array('a', 'b'))", `2`, (*call).arrayLength},
	{"States.ArrayUnique", "(array)", 1, 1, "The array without its later duplicates.",
		"States.ArrayUnique(States.Array(1, 2, 1))", `[1,2]`, (*call).arrayUnique},
	{"States.Base64Encode", "(text)", 1, 1, "The text's UTF-8 bytes in Base64; the text has at most 10,000 characters.",
		"States.Base64Encode('Data')", `"RGF0YQ=="`, (*call).base64Encode},
	{"States.Base64Decode", "(text)", 1, 1, "What Base64Encode encoded; the text has at most 10,000 characters.",
		"States.Base64Decode('RGF0YQ==')", `"Data"`, (*call).base64Decode},
	{"States.Hash", "(value, algorithm)", 2, 2,
		"The hash of the value, in hex. Algorithms: MD5, SHA-1, SHA-256, SHA-384, SHA-512.",
		"States.Hash('a', 'MD5')", `"0cc175b9c0f1b6a831c399e269772661"`, (*call).hash},
	{"States.JsonMerge", "(object, object, false)", 3, 3, "Both objects' members, the second's where both have one.",
		`States.JsonMerge(States.StringToJson('{"a":1,"b":1}'), States.StringToJson('{"b":2}'), false)`,
		`{"a":1,"b":2}`, (*call).jsonMerge},
	{"States.StringToJson", "(text)", 1, 1, "The value that the JSON text stands for.",
		"States.StringToJson('[1]')", `[1]`, (*call).stringToJSON},
	{"States.JsonToString", "(value)", 1, 1, "The value as JSON text.",
		"States.JsonToString(States.Array(1))", `"[1]"`, (*call).jsonToString},
	{"States.MathRandom", "(from, to, [seed])", 2, 3, "A whole number from from up to but not including to.",
		"States.MathRandom(1, 10)", "", (*call).mathRandom},
	{"States.MathAdd", "(number, number)", 2, 2, "The sum of both numbers, each rounded to a whole number first.",
		"States.MathAdd(1, -3)", `-2`, (*call).mathAdd},
	{"States.StringSplit", "(text, characters)", 2, 2, "The parts between any of the characters, without empty ones.",
		"States.StringSplit('1.2,3', ',.')", `["1","2","3"]`, (*call).stringSplit},
	{"States.UUID", "()", 0, 0, "A new random UUID, version 4.",
		"States.UUID()", "", (*call).uuid},
	{"States.Format", "(template, value, …)", 1, anyNumber, "The template with each {} replaced by the next value.",
		`States.Format('{} and \{{}\}', 'a', 1)`, `"a and {1}"`, (*call).format},
}

var functionsByName = byName()

func byName() map[string]*function {
	index := make(map[string]*function, len(functions))
	for i := range functions {
		index[functions[i].name] = &functions[i]
	}
	return index
}

// list returns argument i, which must be an array.
func (c *call) list(i int) ([]any, error) {
	list, ok := c.values[i].([]any)
	if !ok {
		return nil, fmt.Errorf("argument %d must be an array, but is a value of type %s", i+1, typeName(c.values[i]))
	}
	return list, nil
}

// object returns argument i, which must be an object.
func (c *call) object(i int) (*value.Object, error) {
	object, ok := c.values[i].(*value.Object)
	if !ok {
		return nil, fmt.Errorf("argument %d must be an object, but is a value of type %s", i+1, typeName(c.values[i]))
	}
	return object, nil
}

// text returns argument i, which must be a string.
func (c *call) text(i int) (string, error) {
	text, ok := c.values[i].(string)
	if !ok {
		return "", fmt.Errorf("argument %d must be a string, but is a value of type %s", i+1, typeName(c.values[i]))
	}
	return text, nil
}

// whole returns argument i, a number, rounded to a whole one.
func (c *call) whole(i int) (int64, error) {
	n, ok := wholeNumber(c.values[i])
	if !ok {
		return 0, fmt.Errorf("argument %d must be an integer, but is a value of type %s", i+1, typeName(c.values[i]))
	}
	return n, nil
}

func (c *call) draw() (uint64, error) {
	if c.random == nil {
		return 0, errors.New("there is no source of random numbers here")
	}
	return c.random(), nil
}
