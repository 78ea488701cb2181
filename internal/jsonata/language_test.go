package jsonata

import (
	"fmt"
	"testing"
	"time"
)

// order is the input of the expressions below.
const order = `{"id":"o-1","customer":{"name":"Ada","since":"2024-02-29"},"lines":[
	{"sku":"a","price":2.5,"n":4,"tags":["x","y"]},{"sku":"b","price":10,"n":1,"tags":[]},
	{"sku":"c","price":0.5,"n":20}],
	"nested":[[1,2],[3,[4]]],"none":null,"odd name":7}`

// example is an expression and what it gives as JSON, "undefined", or its error.
type example struct{ text, want string }

// check evaluates expressions of the language itself on the order.
func check(t *testing.T, list []example) {
	t.Helper()
	env := &Environment{Input: decoded(t, order), HasInput: true, Now: time.UnixMilli(1_767_323_045_678)}
	for _, c := range list {
		got := ""
		if x, err := Parse(c.text, Standard); err != nil {
			got = err.Error()
		} else if result, err := x.Evaluate(env); err != nil {
			got = err.Error()
		} else {
			got = shown(result)
		}
		if got != c.want {
			t.Errorf("%s\n\tgives %s\n\twant  %s", c.text, got, c.want)
		}
	}
}

func TestPaths(t *testing.T) {
	check(t, []example{
		{"customer.name", `"Ada"`},
		{"`odd name`", "7"},
		{"lines.sku", `["a","b","c"]`},
		{"lines.tags", `["x","y"]`},
		{"lines[0].tags[1]", `"y"`},
		{"lines[-1].sku", `"c"`},
		{"lines[n > 1].sku", `["a","c"]`},
		{"lines[[0..1]].sku", `["a","b"]`},
		{"lines[7]", "undefined"},
		{"lines[sku = 'b'].sku[]", `["b"]`},
		{"missing.name", "undefined"},
		{"none", "null"},
		{"nested.$count($)", "[2,2]"},
		{"nested[0]", "[1,2]"},
		{"customer.*", `["Ada","2024-02-29"]`},
		{"nested.*", "[1,2,3,4]"},
		{"**.sku", `["a","b","c"]`},
		{"$count(**)", "25"},
		{"lines.tags.%.sku", `["a","a"]`},
		{"lines.tags.{'tag': $, 'of': %.%.id}", `[{"tag":"x","of":"o-1"},{"tag":"y","of":"o-1"}]`},
		{"lines[%.id = 'o-1'].sku", `["a","b","c"]`},
		{"lines@$l.$l.sku", `["a","b","c"]`},
		{"lines@$l.%.customer.name", `["Ada","Ada","Ada"]`},
		{"lines#$i.{'i': $i, 's': sku}", `[{"i":0,"s":"a"},{"i":1,"s":"b"},{"i":2,"s":"c"}]`},
		{"lines#$i[$i > 0].sku", `["b","c"]`},
		{"lines@$l#$i[$l.n > 1].($i & $l.sku)", `["0a","2c"]`},
		{"lines.tags#$i.($i & $)", `["0x","1y"]`},
		{"lines@$l.$l.tags@$t.{'t': $t, 'l': $l.sku}", `[{"t":"x","l":"a"},{"t":"y","l":"a"}]`},
		{"lines@$l.$l.tags#$i{$l.sku: $i}", `{"a":[0,1]}`},
		{"lines@$l.tags", "undefined"},
		{"lines#$i[n > 1][$i = 2].sku", `"c"`},
		{"lines[n > 1]#$i.($i & sku)", `["0a","1c"]`},
		{"lines.(tags.%.sku)", `["a","a"]`},
		{"lines.tags.(%.sku & $)", `["ax","ay"]`},
		{"lines.tags[%.n = 4]", `["x","y"]`},
		{"lines.tags[$ = 'y'].%.sku", `"a"`},
		{"customer.name.%.%.id", `"o-1"`},
		{"lines.tags.%{sku: $count($)}", `{"a":2}`},
		{"$count(lines@$a.lines@$b[$a.n < $b.n].$b)", "3"},
		{"lines@$a[$a.n > 1]#$i^(>$a.n).($i & $a.sku)", `["1c","0a"]`},
		{"customer@$c.(id & $c.name)", `"o-1Ada"`},
		{"lines[].sku[0]", `["a","b","c"]`},
		{"(lines.n)[1]", "1"},
		{"lines.(price * n)", "[10,10,10]"},
		{"'a'.length", "undefined"},
		{"$.id & $$.id", `"o-1o-1"`},
	})
}

func TestOrderAndGroups(t *testing.T) {
	check(t, []example{
		{"lines^(price).sku", `["c","a","b"]`},
		{"lines^(>n, sku).sku", `["c","a","b"]`},
		{"lines^(<n).n", "[1,4,20]"},
		{"lines^(missing).sku", `["a","b","c"]`},
		{"lines^(tags).sku",
			`T2008: The expressions within an order-by clause must evaluate to numeric or string values`},
		{"[1,'a']^($)", `T2007: Type mismatch when comparing values 1 and "a" in order-by clause`},
		{"lines@$l^($l.price).$l.sku", `["c","a","b"]`},
		{"lines{sku: n}", `{"a":4,"b":1,"c":20}`},
		{"lines{$string(n > 1): $sum(n)}", `{"true":24,"false":1}`},
		{"lines@$l{$l.sku: $l.n}", `{"a":4,"b":1,"c":20}`},
		{"lines{n: sku}", "T1003: Key in object structure must evaluate to a string; got: 4"},
		{"lines{'k': sku, 'k': n}", `D1009: Multiple key definitions evaluate to same key: "k"`},
		{"{'a': missing, 'b': 1}", `{"b":1}`},
		{"$sort(lines, function($a, $b) { $a.n > $b.n }).sku", `["b","a","c"]`},
		{"$sort(['b','a'])", `["a","b"]`},
		{"$sort([3,1,2])", "[1,2,3]"},
		{"$sort([1,'a'])", "D3070: The single argument form of the sort function can only be applied to an array " +
			"of strings or an array of numbers.  Use the second argument to specify a comparison function"},
		{"[2..4]", "[2,3,4]"},
		{"[4..2]", "[]"},
		{"['a'..2]", `T2003: The left side of the range operator (..) must evaluate to an integer`},
		{"[1..'b']", `T2004: The right side of the range operator (..) must evaluate to an integer`},
	})
}

func TestTransform(t *testing.T) {
	check(t, []example{
		{"customer ~> |$|{'name': $uppercase(name)}, 'since'|", `{"name":"ADA"}`},
		{"($ ~> |lines[n = 1]|{'n': 2}, ['tags','sku']|).lines[1]", `{"price":10,"n":2}`},
		{"($ ~> |lines|{'n': 0}|; lines.n)", "[4,1,20]"},
		{"missing ~> |$|{'a': 1}|", "undefined"},
		{"$ ~> |customer|1|", "T2011: The insert/update clause of the transform expression must evaluate to an " +
			"object: 1"},
		{"$ ~> |customer|{}, 1|", "T2012: The delete clause of the transform expression must evaluate to a string " +
			"or array of strings: 1"},
	})
}

func TestFunctions(t *testing.T) {
	check(t, []example{
		{"(function($x) { $x * 2 })(4)", "8"},
		{"($f := λ($n) { $n < 2 ? 1 : $n * $f($n - 1) }; $f(5))", "120"},
		{"($add := function($a, $b) { $a + $b }; $add(?, 2)(1))", "3"},
		{"$map([1,2], $power(?, 2))", "[1,4]"},
		{"($f := $trim ~> $uppercase; $f('  a '))", `"A"`},
		{"' a ' ~> $trim", `"a"`},
		{"'a' ~> $pad(3, '-')", `"a--"`},
		{"1 ~> 2", "T2006: The right side of the function application operator ~> must be a function"},
		{"function($x)<n:n>{ $x }('a')", `T0410: Argument 1 of function undefined does not match function signature`},
		{"($f := function($x)<s-:s>{ $x & '!' }; id.$f())", `"o-1!"`},
		{"($f := function($x)<a<n>:n>{ $sum($x) }; $f(3))", "3"},
		{"($f := function($x)<a<n>:n>{ $sum($x) }; $f(['a']))",
			`T0412: Argument 1 of function "f" must be an array of "numbers"`},
		{"($f := function($a, $b)<(sn)b?:s>{ $type($b) }; $f(1))", "undefined"},
		{"function($x)<s<n>>{ $x }", "S0401: Type parameters can only be applied to functions and arrays"},
		{"$filter([1..5], function($v, $i, $a) { $v % 2 = 0 and $count($a) = 5 })", "[2,4]"},
		{"$reduce([1..4], function($s, $v, $i) { $s + $v * $i })", "21"},
		{"$reduce([1], function($s) { $s })", "D3050: The second argument of reduce function must be a function " +
			"with at least two arguments"},
		{"$single([1,2,3], function($v) { $v = 2 })", "2"},
		{"$single([1,2], function($v) { $v = 3 })", "D3139: The $single() function expected exactly 1 matching " +
			"result.  Instead it matched 0."},
		{"$single([1,1])", "D3138: The $single() function expected exactly 1 matching result.  Instead it matched " +
			"more."},
		{"$sift(customer, function($v, $k) { $k = 'name' })", `{"name":"Ada"}`},
		{"$each(customer, function($v, $k) { $k & '=' & $v })", `["name=Ada","since=2024-02-29"]`},
		{"$zip([1,2],[3])", "[[1,3]]"},
		{"$append(1, [2])", "[1,2]"},
		{"$reverse([1,2,3])", "[3,2,1]"},
		{"$distinct([1,1,'1',{'a':1},{'a':1}])", `[1,"1",{"a":1}]`},
		{"$keys(lines)", `["sku","price","n","tags"]`},
		{"$lookup(lines, 'n')", "[4,1,20]"},
		{"$spread(customer)", `[{"name":"Ada"},{"since":"2024-02-29"}]`},
		{"$merge(lines.{sku: n})", `{"a":4,"b":1,"c":20}`},
		{"$assert(false, 'no')", "D3141: no"},
		{"$assert(1)", `T0410: Argument 1 of function "assert" does not match function signature`},
		{"$error('boom')", "D3137: boom"},
		{"[$type(1), $type('a'), $type(null), $type([]), $type({}), $type(true), $type($sum)]",
			`["number","string","null","array","object","boolean","function"]`},
		{"[$boolean(''), $boolean('0'), $boolean([0]), $boolean([0,1]), $boolean({}), $boolean($sum), $boolean(null)]",
			"[false,true,false,true,false,false,false]"},
		{"[$exists(id), $exists(missing), $not(0)]", "[true,false,true]"},
		{"$nope()", "T1006: Attempted to invoke a non-function"},
		{"sum([1])", `T1005: Attempted to invoke a non-function. Did you mean $sum?`},
	})
}

func TestOperators(t *testing.T) {
	check(t, []example{
		{"[7 % 4, 2 - 3, 6 / 4, -(3)]", "[3,-1,1.5,-3]"},
		{"1 + missing", "undefined"},
		{"-missing", "undefined"},
		{"1 + 'a'", "T2002: The right side of the \"+\" operator must evaluate to a number"},
		{"'a' + 1", "T2001: The left side of the \"+\" operator must evaluate to a number"},
		{"-'a'", "D1002: Cannot negate a non-numeric value: \"a\""},
		{"1/0 + 1", "D1001: Number out of range: null"},
		{"[1 < 2, 2 <= 2, 'a' > 'b', 'b' >= 'a', 1 != '1', [1] = [1], {'a':1} = {'a':1.0}]",
			"[true,true,false,true,true,true,true]"},
		{"1 < 'a'", `T2009: The values 1 and "a" either side of operator "<" must be of the same data type`},
		{"true < false",
			`T2010: The expressions either side of operator "<" must evaluate to numeric or string values`},
		{"missing < 1", "undefined"},
		{"missing = missing", "false"},
		{"'b' in ['a','b']", "true"},
		{"1 in 1", "true"},
		{"missing in [1]", "false"},
		{"id = 'o-1' and (none or true)", "true"},
		{"false or missing", "false"},
		{"id = 'x' ? 1", "undefined"},
		{"missing ? 1 : 2", "2"},
		{"1 & [2,{'a':true}] & null & missing", `"1[2,{\"a\":true}]null"`},
		{"($x := 1; ($x := 2; $x) + $x)", "3"},
		{"()", "undefined"},
		{"/* a comment */ 1", "1"},
		{`"\u0041\t\"\\\/\b\f\n\r"`, `"A\t\"\\/\b\f\n\r"`},
	})
}

func TestSyntaxErrors(t *testing.T) {
	check(t, []example{
		{"", "S0207: Unexpected end of expression"},
		{"1 +", "S0207: Unexpected end of expression"},
		{"1 2", `S0201: Syntax error: "2"`},
		{"(1", "S0203: Expected \")\" before end of expression"},
		{"[1)", "S0202: Expected \"]\", got \")\""},
		{"{'a' 1}", "S0202: Expected \":\", got \"1\""},
		{"a.", "S0207: Unexpected end of expression"},
		{"'a", "S0101: String literal must be terminated by a matching quote"},
		{`'\x'`, `S0103: Unsupported escape sequence: \"x"`},
		{`'\u00g0'`, "S0104: The escape sequence \\u must be followed by 4 hex digits"},
		{"`a", "S0105: Quoted property name must be terminated with a backquote (`)"},
		{"/* a", "S0106: Comment has no closing tag"},
		{"$match('a', //)", "S0301: Empty regular expressions are not allowed"},
		{"$match('a', /a", "S0302: No terminating / in regular expression"},
		{"1 := 2", "S0212: The left side of := must be a variable name (start with $)"},
		{"function(a) { 1 }", "S0208: Parameter 1 of function definition must be a variable name (start with $)"},
		{"a{'b':1}[0]", "S0209: A predicate cannot follow a grouping expression in a step"},
		{"a{'b':1}{'c':1}", "S0210: Each step can only have one grouping expression"},
		{"a@b", `S0214: The right side of "@" must be a variable name (start with $)`},
		{"a#b", `S0214: The right side of "#" must be a variable name (start with $)`},
		{"a[0]@$x", "S0215: A context variable binding must precede any predicates on a step"},
		{"a^(b)@$x", "S0216: A context variable binding must precede the 'order-by' clause on a step"},
		{"%", "S0217: The object representing the 'parent' cannot be derived from this expression"},
		{"1.a", "S0213: The literal value 1 cannot be used as a step within a path expression"},
		{"1e999", `S0102: Number out of range: "1e999"`},
		{"a ! b", `S0204: Unknown operator: "!"`},
	})
}

// TestFunctionsWithoutValue calls every function with one argument that has no value: most give none either.
func TestFunctionsWithoutValue(t *testing.T) {
	otherwise := map[string]string{
		"random": "", "exists": "false", "count": "0", "zip": "[]",
		"now": `"2026-01-02T03:04:05.678Z"`, "error": "D3137: $error() function evaluated",
		"assert": "D3141: $assert() statement failed",
	}
	for _, name := range []string{"millis", "uuid"} {
		otherwise[name] = fmt.Sprintf("T0410: Argument 1 of function %q does not match function signature", name)
	}
	for _, name := range []string{
		"match", "replace", "append", "each", "map", "filter", "reduce", "range",
	} {
		otherwise[name] = fmt.Sprintf("T0410: Argument 2 of function %q does not match function signature", name)
	}
	for _, name := range []string{
		"substring", "substringBefore", "substringAfter", "pad", "contains", "split", "power", "formatNumber",
		"formatInteger", "parseInteger",
	} {
		const problem = "T0411: Context value is not a compatible type with argument 1 of function %q"
		otherwise[name] = fmt.Sprintf(problem, name)
	}
	for _, b := range table {
		want, ok := otherwise[b.name]
		if !ok {
			want = "undefined"
		}
		if want != "" {
			check(t, []example{{"$" + b.name + "(missing)", want}})
		}
	}
}
