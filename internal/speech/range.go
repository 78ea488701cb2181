package speech

import "time"

// Range is how fast texts may be spoken. Nobody knows how fast a certain voice is before it was measured, so that what
// must hold for a call must hold at both bounds.
type Range struct{ Fast, Slow Rate }

// DefaultRange returns 150 to 189 words a minute. The fast bound is the one paragraph of which AWS has published the
// length: 60 words in 19 s, spoken by Joanna; its pauses are in these 19 s, so that the bound adds none. The slow bound
// is an unhurried voice, with pauses of 0.1 s (comma), 0.2 s (sentence) and 0.4 s (end).
func DefaultRange() Range {
	return Range{
		Fast: Rate{WordsPerMinute: 189},
		Slow: Rate{
			WordsPerMinute: 150,
			Comma:          100 * time.Millisecond,
			Sentence:       200 * time.Millisecond,
			End:            400 * time.Millisecond,
		},
	}
}

// Always is the range of a rate that is known.
func Always(r Rate) Range { return Range{Fast: r, Slow: r} }

// IsKnown reports whether there is only one rate.
func (r Range) IsKnown() bool { return r.Fast == r.Slow }

// Middle is the rate halfway between the bounds.
func (r Range) Middle() Rate {
	return Rate{
		WordsPerMinute: (r.Fast.WordsPerMinute + r.Slow.WordsPerMinute) / 2,
		Comma:          (r.Fast.Comma + r.Slow.Comma) / 2,
		Sentence:       (r.Fast.Sentence + r.Slow.Sentence) / 2,
		End:            (r.Fast.End + r.Slow.End) / 2,
	}
}

// Bounds are the rates at which what must hold is tried: both bounds, or the one rate that is known.
func (r Range) Bounds() []Rate {
	if r.IsKnown() {
		return []Rate{r.Fast}
	}
	return []Rate{r.Fast, r.Slow}
}
