package speech

import (
	"strings"
	"time"
	"unicode"
)

// Rate is how fast a text is spoken. A word is counted as six characters (five letters and a space), so that long
// words take longer than short ones; a digit counts as a word, since it is read out as one.
type Rate struct {
	WordsPerMinute float64
	Comma          time.Duration // pause at a comma, colon or semicolon inside a text
	Sentence       time.Duration // pause after a sentence inside a text
	End            time.Duration // pause at the end of a text
}

const charactersPerWord = 6

// Text returns how long a plain text takes, to the millisecond. A text without letters or digits takes no time.
func (r Rate) Text(text string) time.Duration {
	text = Collapse(text)
	if !strings.ContainsFunc(text, spoken) {
		return 0
	}
	characters, pauses := 1, r.End
	runes := []rune(text)
	for i, c := range runes {
		characters++
		if unicode.IsDigit(c) {
			characters += charactersPerWord - 1
		}
		if i+1 < len(runes) && runes[i+1] == ' ' {
			pauses += r.pauseAfter(c)
		}
	}
	perCharacter := time.Minute.Seconds() / r.WordsPerMinute / charactersPerWord
	seconds := float64(characters) * perCharacter
	return (time.Duration(seconds*float64(time.Second)) + pauses).Round(time.Millisecond)
}

func (r Rate) pauseAfter(c rune) time.Duration {
	switch c {
	case ',', ';', ':':
		return r.Comma
	case '.', '!', '?':
		return r.Sentence
	}
	return 0
}

func spoken(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

// Collapse makes every run of white space one space, and removes it at both ends.
func Collapse(text string) string { return strings.Join(strings.Fields(text), " ") }
