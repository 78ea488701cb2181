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
	{name: "States.Array", signature: "(value, …)", min: 0, max: anyNumber,
		doc:     "An array of the arguments.",
		example: "States.Array('a', 1)", result: `["a",1]`, run: (*call).array},
	{name: "States.ArrayPartition", signature: "(array, size)", min: 2, max: 2,
		doc:     "The array cut into arrays of at most size elements.",
		example: "States.ArrayPartition(States.Array(1, 2, 3), 2)", result: `[[1,2],[3]]`, run: (*call).arrayPartition},
	{name: "States.ArrayContains", signature: "(array, value)", min: 2, max: 2,
		doc:     "Whether the array has an element equal to value.",
		example: "States.ArrayContains(States.Array(1, 2), 2)", result: `true`, run: (*call).arrayContains},
	{name: "States.ArrayRange", signature: "(first, last, step)", min: 3, max: 3,
		doc:     "The numbers from first to last, step apart, at most 1,000.",
		example: "States.ArrayRange(1, 9, 4)", result: `[1,5,9]`, run: (*call).arrayRange},
	{name: "States.ArrayGetItem", signature: "(array, index)", min: 2, max: 2,
		doc:     "The element at index, counted from 0.",
		example: "States.ArrayGetItem(States.Array('a', 'b'), 1)", result: `"b"`, run: (*call).arrayGetItem},
	{name: "States.ArrayLength", signature: "(array)", min: 1, max: 1,
		doc:     "The number of elements.",
		example: "States.ArrayLength(States.Array('a', 'b'))", result: `2`, run: (*call).arrayLength},
	{name: "States.ArrayUnique", signature: "(array)", min: 1, max: 1,
		doc:     "The array without its later duplicates.",
		example: "States.ArrayUnique(States.Array(1, 2, 1))", result: `[1,2]`, run: (*call).arrayUnique},
	{name: "States.Base64Encode", signature: "(text)", min: 1, max: 1,
		doc:     "The text's UTF-8 bytes in Base64; the text has at most 10,000 characters.",
		example: "States.Base64Encode('Data')", result: `"RGF0YQ=="`, run: (*call).base64Encode},
	{name: "States.Base64Decode", signature: "(text)", min: 1, max: 1,
		doc:     "What Base64Encode encoded; the text has at most 10,000 characters.",
		example: "States.Base64Decode('RGF0YQ==')", result: `"Data"`, run: (*call).base64Decode},
	{name: "States.Hash", signature: "(value, algorithm)", min: 2, max: 2,
		doc:     "The hash of the value, in hex. Algorithms: MD5, SHA-1, SHA-256, SHA-384, SHA-512.",
		example: "States.Hash('a', 'MD5')", result: `"0cc175b9c0f1b6a831c399e269772661"`, run: (*call).hash},
	{name: "States.JsonMerge", signature: "(object, object, false)", min: 3, max: 3,
		doc:     "Both objects' members, the second's where both have one.",
		example: `States.JsonMerge(States.StringToJson('{"a":1,"b":1}'), States.StringToJson('{"b":2}'), false)`,
		result:  `{"a":1,"b":2}`, run: (*call).jsonMerge},
	{name: "States.StringToJson", signature: "(text)", min: 1, max: 1,
		doc:     "The value that the JSON text stands for.",
		example: "States.StringToJson('[1]')", result: `[1]`, run: (*call).stringToJSON},
	{name: "States.JsonToString", signature: "(value)", min: 1, max: 1,
		doc:     "The value as JSON text.",
		example: "States.JsonToString(States.Array(1))", result: `"[1]"`, run: (*call).jsonToString},
	{name: "States.MathRandom", signature: "(from, to, [seed])", min: 2, max: 3,
		doc:     "A whole number from from up to but not including to.",
		example: "States.MathRandom(1, 10)", result: "", run: (*call).mathRandom},
	{name: "States.MathAdd", signature: "(number, number)", min: 2, max: 2,
		doc:     "The sum of both numbers, each rounded to a whole number first.",
		example: "States.MathAdd(1, -3)", result: `-2`, run: (*call).mathAdd},
	{name: "States.StringSplit", signature: "(text, characters)", min: 2, max: 2,
		doc:     "The parts between any of the characters, without empty ones.",
		example: "States.StringSplit('1.2,3', ',.')", result: `["1","2","3"]`, run: (*call).stringSplit},
	{name: "States.UUID", signature: "()", min: 0, max: 0,
		doc:     "A new random UUID, version 4.",
		example: "States.UUID()", result: "", run: (*call).uuid},
	{name: "States.Format", signature: "(template, value, …)", min: 1, max: anyNumber,
		doc:     "The template with each {} replaced by the next value.",
		example: `States.Format('{} and \{{}\}', 'a', 1)`, result: `"a and {1}"`, run: (*call).format},
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
