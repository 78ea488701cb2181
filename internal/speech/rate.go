package speech

import (
	"strings"
	"time"
	"unicode"
)

// Rate is how fast a text is spoken. A word is counted as six characters (five letters and a space), so that long
// words take longer than short ones; digits count as the words that they are read out as.
type Rate struct {
	WordsPerMinute float64
	Comma          time.Duration // pause at a comma, colon or semicolon inside a text
	Sentence       time.Duration // pause after a sentence inside a text
	End            time.Duration // pause at the end of a text
}

const charactersPerWord = 6

// Text returns how long a plain text takes, to the millisecond. A text without letters or digits takes no time.
func (r Rate) Text(text string) time.Duration {
	text = spokenForm(Collapse(text))
	if !strings.ContainsFunc(text, spoken) {
		return 0
	}
	runes := []rune(text)
	characters, pauses := 1.0, r.End
	inJapanese := isJapanese(runes)
	for i, c := range runes {
		characters += letters(c, inJapanese)
		if i+1 < len(runes) && (runes[i+1] == ' ' || isUnspacedStop(c)) {
			pauses += r.pauseAfter(c)
		}
	}
	perCharacter := time.Minute.Seconds() / r.WordsPerMinute / charactersPerWord
	return (time.Duration(characters*perCharacter*float64(time.Second)) + pauses).Round(time.Millisecond)
}

// Length is Text of what is spoken: the length that SSML asks for.
func (r Rate) Length(_, spoken string) time.Duration { return r.Text(spoken) }

func (r Rate) pauseAfter(c rune) time.Duration {
	switch c {
	case ',', ';', ':', '、', '，', '；', '：', '،', '؛':
		return r.Comma
	case '.', '!', '?', '。', '！', '？', '؟', '۔', '।':
		return r.Sentence
	}
	return 0
}

func spoken(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

// Collapse makes every run of white space one space, and removes it at both ends.
func Collapse(text string) string { return strings.Join(strings.Fields(text), " ") }
