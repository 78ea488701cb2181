package jsonata

import (
	"fmt"
	"strings"
	"testing"
)

// typical are expressions as state machines have them, on an order of ten items.
var typical = []string{
	`$sum($states.input.items.(price * quantity))`,
	`$states.input.items[price > 50].{"name": name, "total": price * quantity}`,
	`$merge([$states.input.defaults, {"count": $count($states.input.items)}])`,
	`$states.input.items^(>price)[0].name & " of " & $string($count($states.input.items))`,
	`$map($states.input.items, function($v, $i) { {"index": $i, "name": $uppercase($v.name)} })`,
}

// orderOfTen is the value of $states.
func orderOfTen(t testing.TB) any {
	var items []string
	for i := range 10 {
		items = append(items, fmt.Sprintf(`{"name":"item-%d","price":%d.5,"quantity":%d}`, i, i*10, i+1))
	}
	return decoded(t, `{"input":{"defaults":{"a":1,"b":[1,2]},"items":[`+strings.Join(items, ",")+`]}}`)
}

func BenchmarkTypical(b *testing.B) {
	states := orderOfTen(b)
	env := &Environment{Variable: func(name string) (any, bool) { return states, name == "states" }}
	parse := func(text string) *Expression {
		x, err := Parse(text, StepFunctions)
		if err != nil {
			b.Fatal(err)
		}
		return x
	}
	evaluate := func(x *Expression) {
		if result, err := x.Evaluate(env); err != nil || !result.Defined {
			b.Fatal(x, err)
		}
	}
	b.Run("compiled", func(b *testing.B) {
		var list []*Expression
		for _, text := range typical {
			list = append(list, parse(text))
		}
		for i := 0; b.Loop(); i++ {
			evaluate(list[i%len(list)])
		}
	})
	b.Run("cold", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			evaluate(parse(typical[i%len(typical)]))
		}
	})
}
