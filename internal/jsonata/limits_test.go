package jsonata

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
	"github.com/connect-async/connect-async/internal/value"
)

// evaluate evaluates an expression of Step Functions without input and shows the result or the error.
func evaluate(t testing.TB, text string) string {
	t.Helper()
	x, err := Parse(text, StepFunctions)
	if err != nil {
		return err.Error()
	}
	result, err := x.Evaluate(&Environment{Now: time.UnixMilli(1_767_323_045_678)})
	if err != nil {
		return err.Error()
	}
	return shown(result)
}

// sum is 1+1+…, with n terms.
func sum(n int) string { return strings.TrimSuffix(strings.Repeat("1+", n), "+") }

// TestNesting checks the limit of nesting at the ten places where it was measured at AWS (floci-io/floci#2735).
func TestNesting(t *testing.T) {
	nested := func(left, inner, right string, n int) string {
		return strings.Repeat(left, n) + inner + strings.Repeat(right, n)
	}
	recursive := "($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f("
	for name, c := range map[string]struct{ passes, fails string }{
		"additions":   {sum(100), sum(101)},
		"parentheses": {nested("(", "1", ")", 99), nested("(", "1", ")", 100)},
		"brackets":    {nested("[", "1", "]", 99), nested("[", "1", "]", 100)},
		"steps":       {"1" + strings.Repeat(" ~> $string()", 99), "1" + strings.Repeat(" ~> $string()", 100)},
		"calls":       {recursive + "31))", recursive + "32))"},
	} {
		if got := evaluate(t, c.passes); strings.Contains(got, "Stack overflow") {
			t.Errorf("%s: %s", name, got)
		}
		if got := evaluate(t, c.fails); !strings.HasPrefix(got, codeStack) {
			t.Errorf("%s: one more gives %s", name, got)
		}
	}
}

// TestSizes checks the limits of memory at the places where they were measured at AWS (floci-io/floci#2735).
func TestSizes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`$count([1..873782])`, "873782"},
		{`$count([1..873783])`, codeMemory},
		{`$count($range(1, 360145, 1))`, "360145"},
		{`$count($range(1, 360146, 1))`, codeMemory},
		{`($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $length($d("x", 22)))`, "4194304"},
		{`($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $length($d("x", 23)))`, codeMemory},
	} {
		if got := evaluate(t, c.text); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s gives %.100s, want %s", c.text, got, c.want)
		}
	}
}

// runaways are expressions that would not end, or would take all memory.
var runaways = map[string]string{
	`($f := function() { $f() }; $f())`:                                                  codeTime,
	`($f := function($n) { 1 + $f($n + 1) }; $f(0))`:                                     codeStack,
	`$map([1..873782], function($v) { $map([1..873782], function($w) { $v * $w }) })`:    codeMemory,
	`$match($pad("", 100000, "a"), /(a+)+b/)`:                                            "undefined",
	`($d := function($s) { $d($s & $s) }; $d("x"))`:                                      codeMemory,
	`$pad("x", 20000000)`:                                                                codeMemory,
	`$distinct($map([1..100000], function($v) { {"v": $v} }))`:                           codeTime,
	`$map([1..800000], function($v) { [1..800000] })`:                                    codeMemory,
	`($a := [1..800000]; $map($a, function($v) { $a = $a }))`:                            codeTime,
	`($a := [1..800000]; $map([1..100000], function($v) { $sort($a) }))`:                 codeMemory,
	`$reduce([1..100000], function($s, $v) { $s & $pad("x", 1000000) }, "")`:             codeMemory,
	`($a := [1..800000]; $map($a, function($v) { $string($a) }))`:                        codeMemory,
	`($s := $pad("x", 6000000); $map([1..800000], function($v) { $contains($s, /y/) }))`: codeTime,
}

// doubled are values that hold a part of themselves twice, and that again, so that they are small and show as large.
const doubled = `$d := function($x, $n) { $n = 0 ? $x : $d(%s, $n - 1) }; $v := $d(%s, 60);`

// allRunaways are the runaways and what can be asked of doubled values.
func allRunaways() map[string]string {
	all := maps.Clone(runaways)
	objects, arrays := fmt.Sprintf(doubled, `{"a": $x, "b": $x}`, `1`), fmt.Sprintf(doubled, `[[$x], [$x]]`, `[0, 0]`)
	for text, want := range map[string]string{
		objects + `$v`:                   codeMemory,
		objects + `$string($v)`:          codeMemory,
		objects + `"" & $v`:              codeMemory,
		objects + `$v = $v`:              codeTime,
		objects + `1 + $v`:               "T2002",
		objects + `$v ~> |$|{"c": 1}|`:   codeMemory,
		objects + `$count($v.**)`:        codeMemory,
		arrays + `$boolean($v)`:          codeTime,
		arrays + `$v ? 1 : 2`:            codeTime,
		arrays + `$count($spread($v))`:   codeMemory,
		arrays + `$v`:                    codeMemory,
		arrays + `$keys($v)`:             codeTime,
		arrays + `$v.a`:                  codeTime,
		arrays + `$exists($v[a = 1])`:    codeTime,
		arrays + `$count($distinct($v))`: codeTime,
	} {
		all["("+text+")"] = want
	}
	return all
}

// TestRunaways checks that no expression hangs, takes all memory or ends in different ways. SOAK is how often each is
// evaluated.
func TestRunaways(t *testing.T) {
	testrun.Heavy(t)
	runs, all := testrun.Soak(t, 1), allRunaways()
	for _, text := range slices.Sorted(maps.Keys(all)) {
		runaway(t, text, all[text], runs)
	}
}

// TestRunawaysEndSoon is TestRunaways with limits of a hundredth, so that which of them stops an expression may differ.
func TestRunawaysEndSoon(t *testing.T) {
	tight := limits{steps: maxSteps / 100, bytes: maxBytes / 100, allocated: maxAllocated / 100}
	for text, want := range allRunaways() {
		x, err := Parse(text, StepFunctions)
		if err != nil {
			t.Fatal(err)
		}
		ends := func() *Error {
			_, err := x.Evaluate(&Environment{limits: tight})
			failed, _ := errors.AsType[*Error](err)
			return failed
		}
		first, second := ends(), ends()
		if first == nil || !first.Limit() && first.Code != want {
			t.Errorf("%s gives %v, want the end of a limit", text, first)
		} else if first.Error() != second.Error() {
			t.Errorf("%s gives %v, then %v", text, first, second)
		}
	}
}

// runaway evaluates an expression that would run away if nothing stopped it.
func runaway(t *testing.T, text, want string, runs int) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := evaluate(t, text)
	runtime.ReadMemStats(&after)
	if !strings.HasPrefix(got, want) {
		t.Errorf("%s gives %.100s, want %s", text, got, want)
	}
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 150<<20 {
		t.Errorf("%s took %d MB", text, grown>>20)
	}
	for range runs - 1 {
		if again := evaluate(t, text); again != got {
			t.Errorf("%s gives %s, then %s", text, got, again)
		}
	}
}

// TestOneExpressionForAll checks that an expression can be evaluated by several goroutines at once, with the same
// result.
func TestOneExpressionForAll(t *testing.T) {
	const text = `$sort(items.{"n": name, "r": $random(), "t": $now()}, function($a, $b) { $a.r > $b.r })[[0..1]]`
	x, err := Parse(text, StepFunctions)
	if err != nil {
		t.Fatal(err)
	}
	input := decoded(t, `{"items":[{"name":"a"},{"name":"b"},{"name":"c"}]}`)
	evaluateOnce := func() string {
		result, err := x.Evaluate(&Environment{Input: input, HasInput: true, Now: time.UnixMilli(1_767_323_045_678)})
		if err != nil {
			return err.Error()
		}
		return shown(result)
	}
	want := evaluateOnce()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				if got := evaluateOnce(); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
	all.Wait()
}

// FuzzExpression checks that no text panics, that what is evaluated comes to an end, and that it comes to the same end
// twice.
func FuzzExpression(f *testing.F) {
	if testrun.IsHeavy() { // TestRunaways evaluates them, too
		for text := range allRunaways() {
			f.Add(text, `{}`)
		}
	}
	for _, b := range table {
		f.Add(b.example, `{"a":[1,"b",{"c":null}]}`)
	}
	f.Add(`a.b@$x#$i[$i>0].%.c^(>d, e){f: $sum(g)}[]`, `{"a":[{"b":[1,2],"c":[3]}]}`)
	f.Add(`| a | {"b": c}, ["d"] |`, `{"a":{"c":1,"d":2}}`)
	f.Fuzz(func(t *testing.T, text, data string) {
		input, err := value.Decode([]byte(data))
		if err != nil {
			return
		}
		for _, dialect := range []Dialect{StepFunctions, Standard} {
			x, err := Parse(text, dialect)
			if err != nil {
				if failed, ok := errors.AsType[*Error](err); !ok || failed.Message() == "" {
					t.Fatalf("the error is %#v", err)
				}
				return
			}
			env := &Environment{Input: input, HasInput: true,
				limits: limits{depth: 200, steps: 20_000, allocated: 4 << 20}}
			first, firstErr := x.Evaluate(env)
			second, secondErr := x.Evaluate(env)
			if (firstErr == nil) != (secondErr == nil) || firstErr != nil && firstErr.Error() != secondErr.Error() {
				t.Fatalf("%v, then %v", firstErr, secondErr)
			}
			if firstErr == nil && shown(first) != shown(second) {
				t.Fatalf("%s, then %s", shown(first), shown(second))
			}
		}
	})
}
