package speech

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

var errMarksOfSSML = errors.New("these are the speech marks of SSML, in which breaks count too")

// Marks reads the speech marks that Amazon Polly writes for a plain text: one JSON object after the other, of the types
// sentence and viseme. It returns the text, with white space collapsed, and its exact length: the last viseme is the
// silence after it.
func Marks(r io.Reader) (text string, length time.Duration, err error) {
	var sentences []string
	decoder := json.NewDecoder(r)
	for {
		var mark struct {
			Time        int64
			Type, Value string
		}
		err := decoder.Decode(&mark)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || mark.Time < 0 || mark.Time > maxMarked.Milliseconds() {
			return "", 0, fmt.Errorf("what ends at byte %d is not a speech mark of Polly", decoder.InputOffset())
		}
		switch mark.Type {
		case "sentence":
			sentences = append(sentences, mark.Value)
		case "viseme":
			length = max(length, time.Duration(mark.Time)*time.Millisecond)
		case "ssml":
			return "", 0, errMarksOfSSML
		}
	}
	text = Collapse(strings.Join(sentences, " "))
	switch {
	case text == "":
		return "", 0, errors.New("there are no speech marks of the type sentence, which hold the text")
	case length == 0:
		return "", 0, errors.New("there are no speech marks of the type viseme, which say when the text ends")
	case strings.Contains(text, "<"):
		return "", 0, errMarksOfSSML
	}
	return text, length, nil
}

// maxMarked is the longest text that is believed: a prompt has at most 6,000 characters (service quotas).
const maxMarked = 10 * time.Minute
