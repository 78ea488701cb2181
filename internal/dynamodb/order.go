package dynamodb

import (
	"encoding/binary"
	"hash/crc32"
	"strings"
)

// Items are kept in trees whose keys are texts: the hash of the partition key, so that a table is in no order that
// somebody could rely on and can be cut into segments, then the partition key and the sort key, each written so that
// texts sort as the values do.

// end is behind each value in a place: less than whatever a longer value goes on with.
const end = "\x00\x01"

// open is the beginning of all places of the values that begin as v does.
func (v value) open() string {
	text := v.text
	if v.kind == "N" {
		n, _ := parseNumber(text) // was checked when the value was read
		text = n.order()
	}
	return v.kind + strings.ReplaceAll(text, "\x00", "\x00\xff")
}

// order is the part of a place that belongs to a value.
func (v value) order() string { return v.open() + end }

// partition is the beginning of all places with a partition key.
func partition(v value) string {
	order := v.order()
	return string(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(order)))) + order
}

// past is the first text behind all those that begin with a prefix; "" if there is none.
func past(prefix string) string {
	for last := len(prefix) - 1; last >= 0; last-- {
		if prefix[last] < 0xff {
			return prefix[:last] + string([]byte{prefix[last] + 1})
		}
	}
	return ""
}

// span is a part of a tree: the places from one on, up to another, which does not belong to it. Without to it goes to
// the end.
type span struct{ from, to string }

func within(prefix string) span { return span{from: prefix, to: past(prefix)} }

func (s span) contains(place string) bool { return place >= s.from && (s.to == "" || place < s.to) }

// segment is one of the equal parts into which a parallel scan divides a tree.
func segment(n, of int) span {
	edge := func(n int) string {
		if n == 0 || n == of {
			return ""
		}
		return string(binary.BigEndian.AppendUint32(nil, uint32(uint64(n)<<32/uint64(of))))
	}
	return span{from: edge(n), to: edge(n + 1)}
}
