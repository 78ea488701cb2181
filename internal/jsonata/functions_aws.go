package jsonata

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"

	"github.com/connect-async/connect-async/internal/value"
)

// The functions that Step Functions adds (AWS developer guide, transforming data with JSONata; details seen at AWS by
// floci-io/floci#2667 and #2668).

func (c *call) partition() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	items := c.list(0)
	if len(items) == 1 && items[0] == nil {
		return nil, fail("T0412").nth(1).with("arrays")
	}
	size := len(items)
	if !c.undefinedAt(1) {
		size, _ = truncated(c.arguments[1])
	}
	if size < 0 {
		return nil, fail("D3137").saying("Second argument must be zero or greater")
	}
	if size == 0 || len(items) == 0 {
		return undefined, nil
	}
	result := &array{}
	for len(items) > 0 {
		n := min(size, len(items))
		c.e.push(result, &array{items: items[:n:n]})
		items = items[n:]
	}
	return result, nil
}

// rangeArray gives a sequence, so that a range of one number is that number (recorded).
func (c *call) rangeArray() (any, *Error) {
	if c.undefinedAt(0) || c.undefinedAt(2) {
		return undefined, nil
	}
	first, _ := truncated(c.arguments[0])
	last, _ := truncated(c.arguments[1])
	step, _ := truncated(c.arguments[2])
	if step == 0 || (last-first)/step < 0 || (last < first) != (step < 0) && first != last {
		return undefined, nil
	}
	size := (last-first)/step + 1
	if size > maxRange {
		panic(interrupt{err: fail(codeMemory)})
	}
	c.e.allocate(size)
	result := &array{sequence: true, items: make([]any, size)}
	for i := range result.items {
		result.items[i] = int64(first + i*step)
	}
	return result, nil
}

var hashes = map[string]func([]byte) []byte{
	"MD5":     func(b []byte) []byte { s := md5.Sum(b); return s[:] },
	"SHA-1":   func(b []byte) []byte { s := sha1.Sum(b); return s[:] },
	"SHA-256": func(b []byte) []byte { s := sha256.Sum256(b); return s[:] },
	"SHA-384": func(b []byte) []byte { s := sha512.Sum384(b); return s[:] },
	"SHA-512": func(b []byte) []byte { s := sha512.Sum512(b); return s[:] },
}

func (c *call) hash() (any, *Error) {
	if c.undefinedAt(0) || c.undefinedAt(1) {
		return undefined, nil
	}
	sum, ok := hashes[c.text(1)]
	if !ok {
		return nil, fail("D3137").saying("Unsupported hash algorithm: " + c.text(1))
	}
	return hex.EncodeToString(sum([]byte(c.text(0)))), nil
}

func (c *call) uuid() (any, *Error) {
	high := c.e.random()&^0xf000 | 0x4000
	low := c.e.random()&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x",
		high>>32, high>>16&0xffff, high&0xffff, low>>48, low&(1<<48-1)), nil
}

// randomNumber is java.util.Random's first double for a seed.
func (c *call) randomNumber() (any, *Error) {
	if c.undefinedAt(0) {
		return float64(c.e.random()>>11) / (1 << 53), nil
	}
	const multiplier, mask = 0x5DEECE66D, 1<<48 - 1
	f := math.Trunc(c.double(0))
	seed, ok := whole(c.arguments[0])
	if !ok {
		seed = int64(min(max(f, math.MinInt64), math.MaxInt64))
	}
	state := (uint64(seed) ^ multiplier) & mask
	next := func(bits int) uint64 {
		state = (state*multiplier + 0xB) & mask
		return state >> (48 - bits)
	}
	high := next(26)
	return float64(high<<27+next(27)) / (1 << 53), nil
}

// parse is strict: one document, no key twice, no number beyond a double.
func (c *call) parse() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	parsed, err := value.DecodeStrict([]byte(c.text(0)))
	if err != nil || !c.finite(parsed) {
		return nil, fail("D3137").saying("Invalid JSON")
	}
	return parsed, nil
}

// finite reports whether all numbers in a value are ones that a double can hold, and counts what is made.
func (c *call) finite(v any) bool {
	c.e.allocate(1)
	if n, ok := v.(json.Number); ok {
		_, ok := value.Float(n)
		return ok
	}
	for _, child := range children(v) {
		if !c.finite(child) {
			return false
		}
	}
	return true
}
