package jsonata

import (
	"strconv"
	"strings"
)

// Error is what is wrong with an expression, or what went wrong in evaluating it. Code is the language's own: S for
// syntax, T for types, D for data and U for limits.
type Error struct {
	Code     string
	Position int    // in characters from the start of the expression; 0 when it is not known
	Token    string // the function, operator or token that the error is about

	hasToken, placed bool
	value, value2    any
	index            int
	message          string // of $error and $assert
}

// messages are the texts of errors. {{token}}, {{value}} and {{value2}} are written as JSON; {{index}} and {{message}}
// as they are.
var messages = map[string]string{
	"S0101":   "String literal must be terminated by a matching quote",
	"S0102":   "Number out of range: {{token}}",
	"S0103":   `Unsupported escape sequence: \{{token}}`,
	"S0104":   `The escape sequence \u must be followed by 4 hex digits`,
	"S0105":   "Quoted property name must be terminated with a backquote (`)",
	"S0106":   "Comment has no closing tag",
	"S0201":   "Syntax error: {{token}}",
	"S0202":   "Expected {{value}}, got {{token}}",
	"S0203":   "Expected {{value}} before end of expression",
	"S0204":   "Unknown operator: {{token}}",
	"S0207":   "Unexpected end of expression",
	"S0208":   "Parameter {{index}} of function definition must be a variable name (start with $)",
	"S0209":   "A predicate cannot follow a grouping expression in a step",
	"S0210":   "Each step can only have one grouping expression",
	"S0211":   "The symbol {{token}} cannot be used as a unary operator",
	"S0212":   "The left side of := must be a variable name (start with $)",
	"S0213":   "The literal value {{value}} cannot be used as a step within a path expression",
	"S0214":   "The right side of {{token}} must be a variable name (start with $)",
	"S0215":   "A context variable binding must precede any predicates on a step",
	"S0216":   "A context variable binding must precede the 'order-by' clause on a step",
	"S0217":   "The object representing the 'parent' cannot be derived from this expression",
	"S0301":   "Empty regular expressions are not allowed",
	"S0302":   "No terminating / in regular expression",
	CodeRegex: "The regular expression is not supported: {{message}}",
	"S0401":   "Type parameters can only be applied to functions and arrays",
	"S0402":   "Choice groups containing parameterized types are not supported",
	"D1001":   "Number out of range: {{value}}",
	"D1002":   "Cannot negate a non-numeric value: {{value}}",
	"D1004":   "Regular expression matches zero length string",
	"D1009":   "Multiple key definitions evaluate to same key: {{value}}",
	"D2014": "The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to " +
		"allocate {{value}}.",
	"D3001": "Attempting to invoke string function on Infinity or NaN",
	"D3010": "Second argument of replace function cannot be an empty string",
	"D3011": "Fourth argument of replace function must evaluate to a positive number",
	"D3012": "Attempted to replace a matched string with a non-string value",
	"D3020": "Third argument of split function must evaluate to a positive number",
	"D3030": "Unable to cast value to a number: {{value}}",
	"D3040": "Third argument of match function must evaluate to a positive number",
	"D3050": "The second argument of reduce function must be a function with at least two arguments",
	"D3060": "The sqrt function cannot be applied to a negative number: {{value}}",
	"D3061": "The power function has resulted in a value that cannot be represented as a JSON number: " +
		"base={{value}}, exponent={{value2}}",
	"D3070": "The single argument form of the sort function can only be applied to an array of strings or an array " +
		"of numbers.  Use the second argument to specify a comparison function",
	"D3080": "The picture string must only contain a maximum of two sub-pictures",
	"D3081": "The sub-picture must not contain more than one instance of the 'decimal-separator' character",
	"D3082": "The sub-picture must not contain more than one instance of the 'percent' character",
	"D3083": "The sub-picture must not contain more than one instance of the 'per-mille' character",
	"D3084": "The sub-picture must not contain both a 'percent' and a 'per-mille' character",
	"D3085": "The mantissa part of a sub-picture must contain at least one character that is either an 'optional " +
		"digit character' or a member of the 'decimal digit family'",
	"D3086": "The sub-picture must not contain a passive character that is preceded by an active character and " +
		"that is followed by another active character",
	"D3087": "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a " +
		"'decimal-separator' character",
	"D3088": "The sub-picture must not contain a 'grouping-separator' at the end of the integer part",
	"D3089": "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character",
	"D3090": "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is " +
		"followed by an instance of the 'optional digit character'",
	"D3091": "The fractional part of the sub-picture must not contain an instance of the 'optional digit " +
		"character' that is followed by a member of the 'decimal digit family'",
	"D3092": "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character " +
		"treated as an 'exponent-separator'",
	"D3093": "The exponent part of the sub-picture must comprise only of one or more characters that are members " +
		"of the 'decimal digit family'",
	"D3100": "The radix of the formatBase function must be between 2 and 36.  It was given {{value}}",
	"D3110": "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {{value}}",
	"D3130": "Formatting or parsing an integer as a sequence starting with {{value}} is not supported by this " +
		"implementation",
	"D3131": "In a decimal digit pattern, all digits must be from the same decimal group",
	"D3132": "Unknown component specifier {{value}} in date/time picture string",
	"D3133": "The 'name' modifier can only be applied to months and days in the date/time picture string, not " +
		"{{value}}",
	"D3134": "The timezone integer format specifier cannot have more than four digits",
	"D3135": "No matching closing bracket ']' in date/time picture string",
	"D3136": "The date/time picture string is missing specifiers required to parse the timestamp",
	"D3137": "{{message}}",
	"D3138": "The $single() function expected exactly 1 matching result.  Instead it matched more.",
	"D3139": "The $single() function expected exactly 1 matching result.  Instead it matched 0.",
	"D3140": "Malformed URL passed to ${{message}}(): {{value}}",
	"D3141": "{{message}}",
	"T0410": "Argument {{index}} of function {{token}} does not match function signature",
	"T0411": "Context value is not a compatible type with argument {{index}} of function {{token}}",
	"T0412": "Argument {{index}} of function {{token}} must be an array of {{value}}",
	"T1003": "Key in object structure must evaluate to a string; got: {{value}}",
	"T1005": "Attempted to invoke a non-function. Did you mean ${{message}}?",
	"T1006": "Attempted to invoke a non-function",
	"T1007": "Attempted to partially apply a non-function. Did you mean ${{message}}?",
	"T1008": "Attempted to partially apply a non-function",
	"T1010": "The matcher function argument passed to function {{token}} does not return the correct object structure",
	"T2001": "The left side of the {{token}} operator must evaluate to a number",
	"T2002": "The right side of the {{token}} operator must evaluate to a number",
	"T2003": "The left side of the range operator (..) must evaluate to an integer",
	"T2004": "The right side of the range operator (..) must evaluate to an integer",
	"T2006": "The right side of the function application operator ~> must be a function",
	"T2007": "Type mismatch when comparing values {{value}} and {{value2}} in order-by clause",
	"T2008": "The expressions within an order-by clause must evaluate to numeric or string values",
	"T2009": "The values {{value}} and {{value2}} either side of operator {{token}} must be of the same data type",
	"T2010": "The expressions either side of operator {{token}} must evaluate to numeric or string values",
	"T2011": "The insert/update clause of the transform expression must evaluate to an object: {{value}}",
	"T2012": "The delete clause of the transform expression must evaluate to a string or array of strings: {{value}}",
}

// Codes of the limits. The language has one code for all; their messages are those of Step Functions.
const (
	codeStack  = "U1001"
	codeTime   = "U1002"
	codeMemory = "U1003"
)

const (
	// CodeInternal is the code of a failure for which Step Functions has no text of its own.
	CodeInternal = "internal"
	// CodeRegex is the code of a regular expression that this package does not support (our own code).
	CodeRegex = "S0303"
)

// Limit reports whether the error is that an evaluation came to a limit.
func (e *Error) Limit() bool {
	return e.Code == codeStack || e.Code == codeTime || e.Code == codeMemory
}

// Message returns the text of the error, without its code.
func (e *Error) Message() string {
	switch e.Code {
	case codeStack:
		if e.message != "" {
			return e.message
		}
		return "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as " +
			"tail-recursive"
	case codeTime:
		return "Expression evaluation timeout: Check for infinite loop"
	case codeMemory:
		return "Expression evaluation memory limit exceeded: Check for excessive memory usage"
	case CodeInternal:
		return "the function could not do its work"
	}
	token := "undefined"
	if e.hasToken {
		token = quoted(e.Token)
	}
	return strings.NewReplacer("{{token}}", token, "{{value2}}", quoted(e.value2), "{{value}}", quoted(e.value),
		"{{index}}", strconv.Itoa(e.index), "{{message}}", e.message).Replace(messages[e.Code])
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message() }

// maxQuoted is the longest value that a message shows, in bytes.
const maxQuoted = 16 << 10

// quoted writes a value as a message shows it.
func quoted(v any) string {
	text, err := stringify(v, false, roundNone, maxQuoted)
	switch {
	case err != nil:
		return "…"
	case text == "":
		return "null"
	}
	return text
}

func fail(code string) *Error { return &Error{Code: code} }

// at adds the place, unless the error has one.
func (e *Error) at(position int) *Error {
	if !e.placed {
		e.Position, e.placed = position, true
	}
	return e
}

// of adds the token, unless the error has one.
func (e *Error) of(token string) *Error {
	if !e.hasToken {
		e.Token, e.hasToken = token, true
	}
	return e
}

func (e *Error) with(v any) *Error { e.value = v; return e }

func (e *Error) and(v any) *Error { e.value2 = v; return e }

func (e *Error) nth(i int) *Error { e.index = i; return e }

func (e *Error) saying(message string) *Error { e.message = message; return e }
