package jsonata

import "testing"

func TestTexts(t *testing.T) {
	check(t, []example{
		{"[$length(''), $length('a😀'), $length(missing)]", "[0,2]"},
		{"[$substring('hello', 1), $substring('hello', 1, 2), $substring('hello', -3, 2), $substring('hi', 5)]",
			`["ello","el","ll",""]`},
		{"[$substringBefore('a-b', '-'), $substringBefore('ab', '-'), $substringAfter('a-b', '-'), " +
			"$substringAfter('ab', '-')]", `["a","ab","b","ab"]`},
		{"[$pad('a', -3), $pad('a', 3, 'xy'), $pad('abc', 2), $trim('  a \n b ')]", `["  a","axy","abc","a b"]`},
		{"[$uppercase('é'), $lowercase('ÀB')]", `["É","àb"]`},
		{"[$contains('abc', 'b'), $contains('abc', /B/), $contains('abc', /B/i), $contains(missing, 'a')]",
			"[true,false,true]"},
		{"$split('a,b,,c', ',')", `["a","b","","c"]`},
		{"$split('a1b22c', /\\d+/, 2)", `["a","b"]`},
		{"$split('ab', '')", `["a","b"]`},
		{"$split('a', ',', -1)", "D3020: Third argument of split function must evaluate to a positive number"},
		{"$join(['a','b'], '-')", `"a-b"`},
		{"$join('a')", `"a"`},
		{"$join([1])", `T0412: Argument 1 of function "join" must be an array of "strings"`},
		{"$match('ab-cd', /([a-z])([a-z])/)", `[{"match":"ab","index":0,"groups":["a","b"]},` +
			`{"match":"cd","index":3,"groups":["c","d"]}]`},
		{"$match('aaa', /a/, 2).index", "[0,1]"},
		{"$match('aaa', /a/, -1)", "D3040: Third argument of match function must evaluate to a positive number"},
		{"/a(b)/('xab').groups", `["b"]`},
		{"(/a/('aa').next()).start", "1"},
		{"$replace('a.b.c', '.', '-')", `"a-b-c"`},
		{"$replace('a.b.c', '.', '-', 1)", `"a-b.c"`},
		{"$replace('John Smith', /(\\w+)\\s(\\w+)/, '$2, $1 $$ $0 $9')", `"Smith, John $ John Smith "`},
		{"$replace('abc', /b/, function($m) { $uppercase($m.match) })", `"aBc"`},
		{"$replace('abc', /b/, function($m) { 1 })", "D3012: Attempted to replace a matched string with a non-string " +
			"value"},
		{"$replace('abc', '', 'x')", `D3010: Second argument of replace function cannot be an empty string`},
		{"$replace('abc', 'b', 'x', -1)", "D3011: Fourth argument of replace function must evaluate to a positive " +
			"number"},
		{"$replace('a-b', /(a)-(b)/, '$2$1$')", `"ba$"`},
		{"$replace('aa', 'a', function($m) { $m.match & '.' }, 1)", `"a.a"`},
		{"$replace('abcdefghijkl', /(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)/, '$11$12')", `"ka2l"`},
		{"$base64decode($base64encode('héllo'))", `"héllo"`},
		{"[$encodeUrlComponent('a b&c/é'), $decodeUrlComponent('a%20b%26'), $encodeUrl('http://x/a b?q=é'), " +
			"$decodeUrl('a%20b')]", `["a%20b%26c%2F%C3%A9","a b&","http://x/a%20b?q=%C3%A9","a b"]`},
		{"$decodeUrl('%zz')", `D3140: Malformed URL passed to $decodeUrl(): "%zz"`},
		{"$base64decode('!!!')", "internal: the function could not do its work"},
		{"$string({'a': [1, 'x', null, true, $sum]}, true)",
			`"{\n  \"a\": [\n    1,\n    \"x\",\n    null,\n    true,\n    ` +
				`\"\"\n  ]\n}"`},
		{"[$string(1e21), $string(1e-7), $string(123456789012345680000), $string(0.1), $string(-0)]",
			`["1e+21","1e-7","123456789012346000000","0.1","0"]`},
		{"$string(1/0)", "D3001: Attempting to invoke string function on Infinity or NaN"},
		{"$sort(['\U0001F600', '\uFFFD'])", "[\"😀\",\"\uFFFD\"]"},
	})
}

func TestNumbers(t *testing.T) {
	check(t, []example{
		{"[$number('0x1F'), $number('0b101'), $number('0o17'), $number('-1.5e2'), $number(true), $number(false)]",
			"[31,5,15,-150,1,0]"},
		{"$number('1 2')", `D3030: Unable to cast value to a number: "1 2"`},
		{"$number('')", `D3030: Unable to cast value to a number: ""`},
		{"$number('1e999')", `D3030: Unable to cast value to a number: "1e999"`},
		{"$number(null)", `T0410: Argument 1 of function "number" does not match function signature`},
		{"[$abs(-2), $floor(-1.5), $ceil(1.2), $round(2.5), $round(3.5), $round(-1.25, 1), $round(1250, -2)]",
			"[2,-2,2,2,4,-1.2,1200]"},
		{"[$sqrt(16), $power(2, 10), $power(2, -1)]", "[4,1024,0.5]"},
		{"$sqrt(-1)", "D3060: The sqrt function cannot be applied to a negative number: -1"},
		{"$power(10, 1000)", "D3061: The power function has resulted in a value that cannot be represented as a JSON " +
			"number: base=10, exponent=1000"},
		{"[$sum([1,2.5]), $max([1,3,2]), $min([2,1]), $average([1,2]), $count([]), $count(missing), $sum([])]",
			"[3.5,3,1,1.5,0,0,0]"},
		{"$number('x')", `D3030: Unable to cast value to a number: "x"`},
		{"[1e15 + 0.5, 9007199254740993, 1e300 * 10, 1.5e-9, 12345678.9]",
			"[1000000000000000.5,9007199254740993,1e+301,1.5e-9,12345678.9]"},
		{"[$max([]), $average([]), $min(missing)]", "[]"},
		{"[$formatBase(255, 16), $formatBase(-5, 2), $formatBase(7.5)]", `["ff","-101","8"]`},
		{"$formatBase(1, 1)", "D3100: The radix of the formatBase function must be between 2 and 36.  It was given 1"},
	})
}

func TestNumberPictures(t *testing.T) {
	check(t, []example{
		{"$formatNumber(12345.678, '#,##0.00')", `"12,345.68"`},
		{"$formatNumber(-5.5, '0.0;(0.0)')", `"(5.5)"`},
		{"$formatNumber(0.14, '01%')", `"14%"`},
		{"$formatNumber(0.14, '001‰')", `"140‰"`},
		{"$formatNumber(1234.5678, '00.000e0')", `"12.346e2"`},
		{"$formatNumber(0.00012, '0.0e00')", `"1.2e-04"`},
		{"$formatNumber(1e8, '#,#,#0')", `"100000,0,00"`},
		{"$formatNumber(1234567, '#,##,#0')", `"1,23,45,67"`},
		{"$formatNumber(0, '#.##')", `".0"`},
		{"$formatNumber(0.5, '.00')", `".50"`},
		{"$formatNumber(12, 'a#0b')", `"a12b"`},
		{"$formatNumber(1234.5, '#.##0,0', {'decimal-separator': ',', 'grouping-separator': '.'})", `"1.234,5"`},
		{"$formatNumber(12, '##', {'zero-digit': '\u0660'})", "\"\u0661\u0662\""},
		{"$formatNumber(-2, '0', {'minus-sign': '~'})", `"~2"`},
		{"$formatNumber(1, '0;0;0')", "D3080: The picture string must only contain a maximum of two sub-pictures"},
		{"$formatNumber(1, '0.0.0')", `D3081: The sub-picture must not contain more than one instance of the ` +
			`'decimal-separator' character`},
		{"$formatNumber(1, '0%%')", `D3082: The sub-picture must not contain more than one instance of the 'percent' ` +
			`character`},
		{"$formatNumber(1, '0‰‰')",
			`D3083: The sub-picture must not contain more than one instance of the 'per-mille' ` +
				`character`},
		{"$formatNumber(1, '0%‰')", `D3084: The sub-picture must not contain both a 'percent' and a 'per-mille' ` +
			`character`},
		{"$formatNumber(1, 'a')",
			"D3085: The mantissa part of a sub-picture must contain at least one character that " +
				"is either an 'optional digit character' or a member of the 'decimal digit family'"},
		{"$formatNumber(1, '0a0')",
			"D3086: The sub-picture must not contain a passive character that is preceded by an " +
				"active character and that is followed by another active character"},
		{"$formatNumber(1, '0,.0')", `D3087: The sub-picture must not contain a 'grouping-separator' character that ` +
			`appears adjacent to a 'decimal-separator' character`},
		{"$formatNumber(1, '0,')", `D3088: The sub-picture must not contain a 'grouping-separator' at the end of the ` +
			`integer part`},
		{"$formatNumber(1, '0,,0')", `D3089: The sub-picture must not contain two adjacent instances of the ` +
			`'grouping-separator' character`},
		{"$formatNumber(1, '0#')", `D3090: The integer part of the sub-picture must not contain a member of the ` +
			`'decimal digit family' that is followed by an instance of the 'optional digit character'`},
		{"$formatNumber(1, '0.#0')", `D3091: The fractional part of the sub-picture must not contain an instance of ` +
			`the 'optional digit character' that is followed by a member of the 'decimal digit family'`},
		{"$formatNumber(1, '0e0%')",
			`D3092: A sub-picture that contains a 'percent' or 'per-mille' character must not ` +
				`contain a character treated as an 'exponent-separator'`},
		{"$formatNumber(1, '0e#')", `D3093: The exponent part of the sub-picture must comprise only of one or more ` +
			`characters that are members of the 'decimal digit family'`},
	})
}

func TestIntegerPictures(t *testing.T) {
	check(t, []example{
		{"[$formatInteger(1999, 'I'), $formatInteger(4, 'i'), $formatInteger(0, 'I')]", `["MCMXCIX","iv",""]`},
		{"[$formatInteger(1, 'A'), $formatInteger(27, 'a'), $formatInteger(703, 'A')]", `["A","aa","AAA"]`},
		{"[$formatInteger(21, 'w'), $formatInteger(121, 'Ww'), $formatInteger(1000002, 'W')]",
			`["twenty-one","One Hundred and Twenty-One","ONE MILLION AND TWO"]`},
		{"[$formatInteger(21, 'w;o'), $formatInteger(20, 'Ww;o'), " +
			"$formatInteger(100, 'w;o'), $formatInteger(12, 'w;o')]",
			`["twenty-first","Twentieth","one hundredth","twelfth"]`},
		{"[$formatInteger(1, '0;o'), $formatInteger(12, '0;o'), $formatInteger(22, '0;o'), $formatInteger(103, '0;o')]",
			`["1st","12th","22nd","103rd"]`},
		{"[$formatInteger(1234567, '#,##0'), $formatInteger(7, '000'), $formatInteger(-3, '0')]",
			`["1,234,567","007","-3"]`},
		{"$formatInteger(1234567, '#:##0,000')", `"1:234,567"`},
		{"$formatInteger(12, '\u0660')", "\"\u0661\u0662\""},
		{"$formatInteger(1e15, 'w')", `"one thousand trillion"`},
		{"$formatInteger(1, '\u4e00')",
			"D3130: Formatting or parsing an integer as a sequence starting with \"一\" is " +
				"not supported by this implementation"},
		{"$formatInteger(1, '0\u0660')",
			"D3131: In a decimal digit pattern, all digits must be from the same decimal " +
				"group"},
		{"[$parseInteger('MCMXCIX', 'I'), $parseInteger('aa', 'a'), $parseInteger('1,234', '#,##0')]",
			"[1999,27,1234]"},
		{"[$parseInteger('one hundred and twenty-one', 'w'), $parseInteger('Two Thousand and Three', 'Ww'), " +
			"$parseInteger('twenty-first', 'w;o'), $parseInteger('22nd', '0;o')]", "[121,2003,21,22]"},
		{"$parseInteger('\u0661\u0662', '\u0660')", "12"},
	})
}

func TestDatePictures(t *testing.T) {
	check(t, []example{
		{"$now()", `"2026-01-02T03:04:05.678Z"`},
		{"$now('[H01]:[m01] [z]', '+0230')", `"05:34 GMT+02:30"`},
		{"$millis()", "1767323045678"},
		{"$fromMillis(0)", `"1970-01-01T00:00:00.000Z"`},
		{"$fromMillis($millis(), '[Y0001]-[M01]-[D01] [h#1]:[m01]:[s01].[f001] [P] [PN]')",
			`"2026-01-02 3:04:05.678 am AM"`},
		{"$fromMillis($millis(), '[FNn], [D1o] of [MNn] [Y]')", `"Friday, 2nd of January 2026"`},
		{"$fromMillis($millis(), '[FN,*-3] [MN,3-3] [Fn] [F0] [d] [W] [w] [X] [x] [C] [E]')",
			`"FRI JAN friday 5 2 1 1 2026 1 ISO ISO"`},
		{"$fromMillis($millis(), '[YI] [Dwo] [Mi]')", `"MMXXVI second i"`},
		{"$fromMillis($millis(), '[Y,2-2]/[Y9,999,*]')", `"26/2,026"`},
		{"$fromMillis($millis(), '[H01][Z] [Z0] [Z0101] [Z01:01t]', '-0500')", `"22-05:00 -5 -0500 -05:00"`},
		{"$fromMillis($millis(), '[Z01:01t] [[x]]')", `"Z [x]"`},
		{"$fromMillis(1, '[q]')", `D3132: Unknown component specifier "q" in date/time picture string`},
		{"$fromMillis(1, '[YN]')",
			"D3133: The 'name' modifier can only be applied to months and days in the date/time " +
				"picture string, not \"Y\""},
		{"$fromMillis(1, '[Z010101]')",
			"D3134: The timezone integer format specifier cannot have more than four digits"},
		{"$fromMillis(1, '[Y')", "D3135: No matching closing bracket ']' in date/time picture string"},
		{"$toMillis('2026-01-02T03:04:05.678Z')", "1767323045678"},
		{"[$toMillis('2026'), $toMillis('2026-01-02'), $toMillis('2026-01-02T03:04:05+01:00')]",
			"[1767225600000,1767312000000,1767319445000]"},
		{"$toMillis('1/2/2026', '[M]/[D]/[Y]')", "1767312000000"},
		{"$toMillis('2nd January 2026 3:04 pm', '[D1o] [MNn] [Y] [h]:[m] [P]')", "1767366240000"},
		{"$toMillis('2026-32', '[Y]-[d]')", "1769904000000"},
		{"$toMillis('MMXXVI one', '[YI] [Mw]')", "1767225600000"},
		{"$toMillis('10:20:30.5 -0330', '[H]:[m]:[s].[f] [Z0101]')", "1767361830005"},
		{"$toMillis('GMT+02:30 2026', '[z] [Y]')", "1767216600000"},
		{"$toMillis('12:30 am 2026-01-02', '[h]:[m] [P] [Y]-[M]-[D]')", "1767313800000"},
		{"$toMillis('12:30 pm 2026-01-02', '[h]:[m] [P] [Y]-[M]-[D]')", "1767357000000"},
		{"$toMillis('Fri 2 Jan 26', '[FNn,3-3] [D] [MNn,3-3] [Y]')", "-61346592000000"},
		{"$toMillis('20260102030405', '[Y0001][M01][D01][H01][m01][s01]')", "1767323045000"},
		{"$toMillis('2026 W1 5', '[X] W[W] [F1]')",
			"D3136: The date/time picture string is missing specifiers required " +
				"to parse the timestamp"},
		{"$fromMillis(1, missing, '+0100')", `"1970-01-01T01:00:00.001+01:00"`},
		{"$toMillis('x', '[Y]')", "undefined"},
		{"$toMillis('nope')", `D3110: The argument of the toMillis function must be an ISO 8601 formatted timestamp. ` +
			`Given "nope"`},
		{"$toMillis('2026 3', '[Y] [D]')",
			"D3136: The date/time picture string is missing specifiers required to parse " +
				"the timestamp"},
	})
}
