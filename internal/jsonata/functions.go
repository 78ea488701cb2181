package jsonata

// builtin is a function of the language. A test evaluates its example; result is what it gives as JSON, "" where it is
// random or depends on the time.
type builtin struct {
	name      string
	signature string
	doc       string
	example   string
	result    string
	run       func(c *call) (any, *Error)

	sign   *signature
	params int
}

// call is one call of a builtin, with its checked arguments.
type call struct {
	e         *evaluation
	arguments []any
	input     any
	name      string
}

func (b *builtin) arity() int { return b.params }

func (b *builtin) call(e *evaluation, arguments []any, input any) (any, *Error) {
	checked, err := b.sign.check(arguments, input)
	if err != nil {
		return nil, err
	}
	for _, argument := range checked {
		e.work(weight(argument) / 16)
	}
	result, err := b.run(&call{e: e, arguments: checked, input: input, name: b.name})
	if err == nil {
		e.work(weight(result) / 16)
	}
	return result, err
}

// weight is the work that a value makes: its elements or bytes.
func weight(v any) int {
	if text, ok := v.(string); ok {
		return len(text)
	}
	items, _ := elements(v)
	return len(items)
}

// builtins are the functions by name.
var builtins map[string]*builtin

func init() {
	builtins = make(map[string]*builtin, len(table))
	for i := range table {
		b := &table[i]
		b.sign = mustSignature(b.signature)
		b.params = len(b.sign.parameters)
		if b.name == "string" { // the second one is not for functions such as $map
			b.params = 1
		}
		builtins[b.name] = b
	}
}

// undefinedAt reports whether an argument is undefined.
func (c *call) undefinedAt(i int) bool { return isUndefined(c.arguments[i]) }

// text returns a text argument, "" when it is undefined.
func (c *call) text(i int) string {
	text, _ := c.arguments[i].(string)
	return text
}

// double returns a number argument.
func (c *call) double(i int) float64 {
	f, _ := number(c.arguments[i])
	return f
}

// list returns the elements of an array argument.
func (c *call) list(i int) []any {
	items, _ := elements(c.arguments[i])
	return items
}

// makeText counts a text that was made.
func (c *call) makeText(text string) string {
	c.e.allocateText(len(text))
	return text
}

// table holds the functions of the language, in the order of its documentation, then those of Step Functions.
var table = []builtin{
	{name: "string", signature: "<x-b?:s>", run: (*call).string,
		doc:     "The value as a text: a text as it is, everything else as JSON, indented where prettify is true.",
		example: `$string([5, 1.50])`, result: `"[5,1.5]"`},
	{name: "length", signature: "<s-:n>", run: (*call).length,
		doc: "The number of characters.", example: `$length("äöü")`, result: `3`},
	{name: "substring", signature: "<s-nn?:s>", run: (*call).substring,
		doc:     "The characters from start on, at most length of them; a negative start counts from the end.",
		example: `$substring("hello world", -5, 3)`, result: `"wor"`},
	{name: "substringBefore", signature: "<s-s:s>", run: (*call).substringBefore,
		doc:     "What comes before the first occurrence of chars, or the whole text.",
		example: `$substringBefore("a=b", "=")`, result: `"a"`},
	{name: "substringAfter", signature: "<s-s:s>", run: (*call).substringAfter,
		doc:     "What comes after the first occurrence of chars, or the whole text.",
		example: `$substringAfter("a=b", "=")`, result: `"b"`},
	{name: "uppercase", signature: "<s-:s>", run: (*call).uppercase,
		doc: "The text in capitals.", example: `$uppercase("a")`, result: `"A"`},
	{name: "lowercase", signature: "<s-:s>", run: (*call).lowercase,
		doc: "The text in small letters.", example: `$lowercase("A")`, result: `"a"`},
	{name: "trim", signature: "<s-:s>", run: (*call).trim,
		doc:     "The text without white space at its ends, and with one blank for each run of it inside.",
		example: `$trim("  a   b ")`, result: `"a b"`},
	{name: "pad", signature: "<s-ns?:s>", run: (*call).pad,
		doc:     "The text filled up to a width, at the left where the width is negative.",
		example: `$pad("a", -3, "#")`, result: `"##a"`},
	{name: "contains", signature: "<s-(sf):b>", run: (*call).contains,
		doc: "Whether a text or a regular expression is found.", example: `$contains("abc", /b./)`, result: `true`},
	{name: "split", signature: "<s-(sf)n?:a<s>>", run: (*call).split,
		doc:     "The parts between separators, at most limit of them.",
		example: `$split("a, b,c", /,\s*/)`, result: `["a","b","c"]`},
	{name: "join", signature: "<a<s>s?:s>", run: (*call).join,
		doc: "The texts one after the other, with a separator between.", example: `$join(["a","b"], "-")`,
		result: `"a-b"`},
	{name: "match", signature: "<s-f<s:o>n?:a<o>>", run: (*call).match,
		doc:     "The matches of a regular expression, at most limit of them.",
		example: `$match("ab", /a(b)/).groups`, result: `["b"]`},
	{name: "replace", signature: "<s-(sf)(sf)n?:s>", run: (*call).replace,
		doc:     "The text with what a text or regular expression finds replaced, at most limit times.",
		example: `$replace("John Smith", /(\w+) (\w+)/, "$2, $1")`, result: `"Smith, John"`},
	{name: "base64encode", signature: "<s-:s>", run: (*call).base64encode,
		doc: "The text's UTF-8 bytes in Base64.", example: `$base64encode("a")`, result: `"YQ=="`},
	{name: "base64decode", signature: "<s-:s>", run: (*call).base64decode,
		doc: "The text that Base64 stands for.", example: `$base64decode("YQ==")`, result: `"a"`},
	{name: "encodeUrlComponent", signature: "<s-:s>", run: (*call).encodeURLComponent,
		doc: "The text as a part of a URL.", example: `$encodeUrlComponent("?x=1")`, result: `"%3Fx%3D1"`},
	{name: "encodeUrl", signature: "<s-:s>", run: (*call).encodeURL,
		doc: "The text as a URL.", example: `$encodeUrl("/a b?x=1")`, result: `"/a%20b?x=1"`},
	{name: "decodeUrlComponent", signature: "<s-:s>", run: (*call).decodeURLComponent,
		doc: "The text that a part of a URL stands for.", example: `$decodeUrlComponent("%3Fx")`, result: `"?x"`},
	{name: "decodeUrl", signature: "<s-:s>", run: (*call).decodeURL,
		doc: "The text that a URL stands for.", example: `$decodeUrl("/a%20b")`, result: `"/a b"`},
	{name: "number", signature: "<(nsb)-:n>", run: (*call).number,
		doc: "The number that a text or a boolean stands for.", example: `$number("1e2")`, result: `100`},
	{name: "abs", signature: "<n-:n>", run: (*call).abs,
		doc: "The number without its sign.", example: `$abs(-5)`, result: `5`},
	{name: "floor", signature: "<n-:n>", run: (*call).floor,
		doc: "The number rounded down.", example: `$floor(-5.3)`, result: `-6`},
	{name: "ceil", signature: "<n-:n>", run: (*call).ceil,
		doc: "The number rounded up.", example: `$ceil(5.3)`, result: `6`},
	{name: "round", signature: "<n-n?:n>", run: (*call).round,
		doc:     "The number rounded to a number of decimal places, halves to the even neighbour.",
		example: `$round(125, -1)`, result: `120`},
	{name: "power", signature: "<n-n:n>", run: (*call).power,
		doc: "The number to the power of another.", example: `$power(2, 8)`, result: `256`},
	{name: "sqrt", signature: "<n-:n>", run: (*call).sqrt,
		doc: "The square root.", example: `$sqrt(16)`, result: `4`},
	{name: "random", signature: "<n?:n>", run: (*call).randomNumber,
		doc:     "A random number from 0 up to but not including 1; with a seed, always the same (Step Functions).",
		example: `$random(42)`, result: `0.7275636800328681`},
	{name: "formatNumber", signature: "<n-so?:s>", run: (*call).formatNumber,
		doc: "The number as a picture says.", example: `$formatNumber(12345.6, "#,###.00")`, result: `"12,345.60"`},
	{name: "formatBase", signature: "<n-n?:s>", run: (*call).formatBase,
		doc: "The number in another base.", example: `$formatBase(100, 2)`, result: `"1100100"`},
	{name: "formatInteger", signature: "<n-s:s>", run: (*call).formatInteger,
		doc: "The whole number as a picture says.", example: `$formatInteger(2789, "w")`,
		result: `"two thousand, seven hundred and eighty-nine"`},
	{name: "parseInteger", signature: "<s-s:n>", run: (*call).parseInteger,
		doc: "The whole number that a text stands for.", example: `$parseInteger("MCM", "I")`, result: `1900`},
	{name: "sum", signature: "<a<n>:n>", run: (*call).sum,
		doc: "The sum of numbers.", example: `$sum([5, 1.5])`, result: `6.5`},
	{name: "max", signature: "<a<n>:n>", run: (*call).max,
		doc: "The greatest of numbers.", example: `$max([5, 7])`, result: `7`},
	{name: "min", signature: "<a<n>:n>", run: (*call).min,
		doc: "The least of numbers.", example: `$min([5, 7])`, result: `5`},
	{name: "average", signature: "<a<n>:n>", run: (*call).average,
		doc: "The mean of numbers.", example: `$average([5, 7])`, result: `6`},
	{name: "boolean", signature: "<x-:b>", run: (*call).boolean,
		doc: "What the value is worth as a condition.", example: `$boolean([0])`, result: `false`},
	{name: "not", signature: "<x-:b>", run: (*call).not,
		doc: "The opposite of $boolean.", example: `$not(0)`, result: `true`},
	{name: "exists", signature: "<x:b>", run: (*call).exists,
		doc: "Whether an expression has a value.", example: `$exists($none)`, result: `false`},
	{name: "count", signature: "<a:n>", run: (*call).count,
		doc: "The number of elements.", example: `$count([1, 2])`, result: `2`},
	{name: "append", signature: "<xx:a>", run: (*call).append,
		doc: "Both values in one array.", example: `$append([1], 2)`, result: `[1,2]`},
	{name: "sort", signature: "<af?:a>", run: (*call).sort,
		doc:     "The array sorted; the function says whether the first of two values comes after the second.",
		example: `$sort([2, 3, 1], function($a, $b) { $a < $b })`, result: `[3,2,1]`},
	{name: "reverse", signature: "<a:a>", run: (*call).reverse,
		doc: "The array from its end.", example: `$reverse([1, 2])`, result: `[2,1]`},
	{name: "shuffle", signature: "<a:a>", run: (*call).shuffle,
		doc: "The array in random order.", example: `$shuffle([1, 2])`},
	{name: "distinct", signature: "<x:x>", run: (*call).distinct,
		doc: "The array without duplicates.", example: `$distinct([1, 2, 1])`, result: `[1,2]`},
	{name: "zip", signature: "<a+>", run: (*call).zip,
		doc: "The arrays' first elements, their second ones and so on.", example: `$zip([1, 2], [3, 4])`,
		result: `[[1,3],[2,4]]`},
	{name: "keys", signature: "<x-:a<s>>", run: (*call).keys,
		doc: "The names of an object's members.", example: `$keys({"b": 1, "a": 2})`, result: `["b","a"]`},
	{name: "lookup", signature: "<x-s:x>", run: (*call).lookup,
		doc: "The value of an object's member.", example: `$lookup({"a b": 1}, "a b")`, result: `1`},
	{name: "spread", signature: "<x-:a<o>>", run: (*call).spread,
		doc: "An object for each member.", example: `$spread({"a": 1, "b": 2})`, result: `[{"a":1},{"b":2}]`},
	{name: "merge", signature: "<a<o>:o>", run: (*call).merge,
		doc: "The members of all objects in one.", example: `$merge([{"a": 1}, {"b": 2}])`, result: `{"a":1,"b":2}`},
	{name: "sift", signature: "<o-f?:o>", run: (*call).sift,
		doc:     "The members for which a function gives true.",
		example: `$sift({"a": 1, "b": 2}, function($v) { $v > 1 })`,
		result:  `{"b":2}`},
	{name: "each", signature: "<o-f:a>", run: (*call).each,
		doc: "What a function gives for each member.", example: `$each({"a": 1, "b": 2}, function($v, $k) { $k & $v })`,
		result: `["a1","b2"]`},
	{name: "error", signature: "<s?:x>", run: (*call).error,
		doc: "Fails with a message.", example: `$type($error)`, result: `"function"`},
	{name: "assert", signature: "<bs?:x>", run: (*call).assert,
		doc: "Fails with a message unless a condition holds.", example: `$exists($assert(true, "?"))`, result: `false`},
	{name: "type", signature: "<x:s>", run: (*call).typeName,
		doc: "The kind of a value.", example: `$type(null)`, result: `"null"`},
	{name: "now", signature: "<s?s?:s>", run: (*call).now,
		doc: "The time of the evaluation, as a picture says or in ISO 8601.", example: `$now()`},
	{name: "millis", signature: "<:n>", run: (*call).millis,
		doc: "The time of the evaluation, in milliseconds since 1970.", example: `$millis()`},
	{name: "fromMillis", signature: "<n-s?s?:s>", run: (*call).fromMillis,
		doc:     "The time of a number of milliseconds since 1970, as a picture says or in ISO 8601.",
		example: `$fromMillis(1510067557121, "[D1o] [MNn] [Y]")`, result: `"7th November 2017"`},
	{name: "toMillis", signature: "<s-s?:n>", run: (*call).toMillis,
		doc:     "The milliseconds since 1970 of a time, as a picture says or in ISO 8601.",
		example: `$toMillis("2017-11-07T15:07:54.972Z")`, result: `1510067274972`},
	{name: "map", signature: "<af>", run: (*call).mapArray,
		doc: "What a function gives for each element.", example: `$map([1, 2], function($v, $i) { $v * $i })`,
		result: `[0,2]`},
	{name: "filter", signature: "<af>", run: (*call).filterArray,
		doc: "The elements for which a function gives true.", example: `$filter([1, 2, 3], function($v) { $v > 1 })`,
		result: `[2,3]`},
	{name: "single", signature: "<af?>", run: (*call).single,
		doc: "The one element for which a function gives true.", example: `$single([1, 2], function($v) { $v > 1 })`,
		result: `2`},
	{name: "reduce", signature: "<afj?:j>", run: (*call).reduce,
		doc:     "What a function makes of the elements, one after the other.",
		example: `$reduce([1, 2, 3], function($a, $b) { $a + $b })`,
		result:  `6`},
	{name: "partition", signature: "<an?:a>", run: (*call).partition,
		doc: "The array cut into arrays of a size (Step Functions).", example: `$partition([1, 2, 3], 2)`,
		result: `[[1,2],[3]]`},
	{name: "range", signature: "<nnn?:a>", run: (*call).rangeArray,
		doc: "The numbers from first to last, step apart (Step Functions).", example: `$range(1, 9, 4)`,
		result: `[1,5,9]`},
	{name: "hash", signature: "<ss?:s>", run: (*call).hash,
		doc:     "The hash of a text in hex: MD5, SHA-1, SHA-256, SHA-384 or SHA-512 (Step Functions).",
		example: `$hash("a", "MD5")`, result: `"0cc175b9c0f1b6a831c399e269772661"`},
	{name: "uuid", signature: "<:s>", run: (*call).uuid,
		doc: "A random UUID, version 4 (Step Functions).", example: `$uuid()`},
	{name: "parse", signature: "<s?:x>", run: (*call).parse,
		doc: "The value that a JSON text stands for (Step Functions).", example: `$parse("{\"a\":1}")`,
		result: `{"a":1}`},
}
