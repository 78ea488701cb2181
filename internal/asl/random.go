package asl

import (
	"encoding/base64"
	"encoding/binary"

	"github.com/connect-async/connect-async/internal/jsonpath"
)

// draw returns 64 random bits that the seed and the number of draws so far decide (SplitMix64), so that nothing but a
// number has to be saved.
func (e *Execution) draw() uint64 {
	e.r.Draws++
	z := e.r.Options.Seed + e.r.Draws*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// fraction returns a random number in [0, 1).
func (e *Execution) fraction() float64 { return float64(e.draw()>>11) / (1 << 53) }

func (e *Execution) uuid() string { return jsonpath.UUID(e.draw(), e.draw()) }

// token returns a new task token.
func (e *Execution) token() string {
	var b []byte
	for range 6 {
		b = binary.BigEndian.AppendUint64(b, e.draw())
	}
	return base64.StdEncoding.EncodeToString(b)
}
