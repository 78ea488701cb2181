package async

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// lasts is how long the work takes yet at most, by the text.
func (r RemainingText) lasts() time.Duration { return time.Duration(r.Seconds) * time.Second }

// remaining is the text for what the work takes yet: the one with the least time that is enough.
func (t Texts) remaining(left time.Duration) (text RemainingText, ok bool) {
	if left <= 0 {
		return text, false
	}
	i := slices.IndexFunc(t.Remaining, func(r RemainingText) bool { return left <= r.lasts() })
	if i < 0 {
		return text, false
	}
	return t.Remaining[i], true
}

// All are all texts, in no order.
func (t Texts) All() []string {
	var all []string
	for _, sentences := range t.Sentences {
		all = append(all, sentences...)
	}
	for _, text := range t.Steps {
		all = append(all, text)
	}
	for _, r := range t.Remaining {
		all = append(all, r.Text)
	}
	return all
}

// readProgress reads a kind that is one of the texts of progress: an object of texts.
func (t *Texts) readProgress(kind member) (isProgress bool, err error) {
	if kind.key != TextSteps && kind.key != TextRemaining {
		return false, nil
	}
	var texts map[string]string
	if json.Unmarshal(kind.value, &texts) != nil {
		return true, fmt.Errorf("%s is not an object of texts", kind.key)
	}
	if kind.key == TextSteps {
		t.Steps = texts
		return true, nil
	}
	t.Remaining, err = RemainingTexts(texts)
	return true, err
}

// maxRemaining is the most that a text can say the work takes yet, in seconds.
const maxRemaining = 24 * 60 * 60

// RemainingTexts are the texts for what work takes yet, from an object with the number of seconds as keys.
func RemainingTexts(bySeconds map[string]string) ([]RemainingText, error) {
	var all []RemainingText
	for key, text := range bySeconds {
		var r RemainingText
		if err := readInt(&r.Seconds, key, 1, maxRemaining); err != nil {
			return nil, fmt.Errorf("%s: %w of seconds", TextRemaining, err)
		}
		r.Text = text
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b RemainingText) int { return a.Seconds - b.Seconds })
	return all, nil
}

// checkProgress says what is wrong with the texts of progress. Each is said once, so that none may be there twice.
func (t Texts) checkProgress() error {
	var steps, remaining []string
	for _, name := range slices.Sorted(maps.Keys(t.Steps)) {
		steps = append(steps, t.Steps[name])
	}
	for i, r := range t.Remaining {
		remaining = append(remaining, r.Text)
		if i > 0 && r.Seconds == t.Remaining[i-1].Seconds {
			return fmt.Errorf("%s has %d seconds twice", TextRemaining, r.Seconds)
		}
	}
	if err := checkSpoken(TextSteps, steps); err != nil {
		return err
	}
	return checkSpoken(TextRemaining, remaining)
}

// writeProgress writes the texts of progress behind so many other kinds.
func (t Texts) writeProgress(b *bytes.Buffer, kinds int) {
	object := func(name string, write func()) {
		writeKey(b, kinds, name)
		kinds++
		b.WriteByte('{')
		write()
		b.WriteByte('}')
	}
	if len(t.Steps) > 0 {
		object(TextSteps, func() {
			for i, name := range slices.Sorted(maps.Keys(t.Steps)) {
				writeKey(b, i, name)
				b.Write(quote(t.Steps[name]))
			}
		})
	}
	if len(t.Remaining) > 0 {
		object(TextRemaining, func() {
			for i, r := range t.Remaining {
				writeKey(b, i, strconv.Itoa(r.Seconds))
				b.Write(quote(r.Text))
			}
		})
	}
}
