package flow

import (
	"encoding/binary"
	"encoding/hex"
)

// random returns the next number of a SplitMix64 generator, whose state is one plain number.
func random(state *uint64) uint64 {
	*state += 0x9e3779b97f4a7c15
	z := *state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// uuid returns a version 4 UUID made of random numbers.
func uuid(state *uint64) string {
	high, low := random(state), random(state)
	high = high&^0xf000 | 0x4000
	low = low&^(0xc0<<56) | 0x80<<56
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], high)
	binary.BigEndian.PutUint64(raw[8:], low)
	digits := hex.EncodeToString(raw[:])
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:]
}
