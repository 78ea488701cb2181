package speech

import "unicode"

// How long a letter of a script takes, in Latin letters. In most alphabets that is one. Where a sign is a syllable or
// a word, it follows from how many syllables a second speakers of the language read: about five in Mandarin, six in
// English, seven in Korean and eight in Japanese (Pellegrino and others, Language 87, 2011; Coupé and
// others, Science Advances 5, 2019), with four letters to an English syllable.
const (
	hanLetters      = 4.5
	japaneseLetters = 6 // a Han sign in Japanese, of two morae
	kanaLetters     = 3
	hangulLetters   = 3.5
	abugidaLetters  = 2   // a consonant with its vowel
	abjadLetters    = 1.5 // vowels are heard and not written
)

var (
	kana    = []*unicode.RangeTable{unicode.Hiragana, unicode.Katakana}
	abjads  = []*unicode.RangeTable{unicode.Arabic, unicode.Hebrew, unicode.Syriac}
	abugida = []*unicode.RangeTable{
		unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil,
		unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Thai, unicode.Lao,
		unicode.Myanmar, unicode.Khmer, unicode.Tibetan, unicode.Ethiopic,
	}
)

// isJapanese reports whether a text has signs that only Japanese has.
func isJapanese(text []rune) bool {
	for _, c := range text {
		if unicode.In(c, kana...) {
			return true
		}
	}
	return false
}

// letters is how many Latin letters a sign takes as long as.
func letters(c rune, inJapanese bool) float64 {
	switch {
	case c <= unicode.MaxLatin1:
		return 1
	case unicode.IsDigit(c): // of another script
		return charactersPerWord - 1
	case unicode.Is(unicode.M, c) || isUnspacedStop(c):
		return 0
	case unicode.Is(unicode.Han, c) && inJapanese:
		return japaneseLetters
	case unicode.Is(unicode.Han, c):
		return hanLetters
	case unicode.In(c, kana...):
		return kanaLetters
	case unicode.Is(unicode.Hangul, c):
		return hangulLetters
	case unicode.In(c, abugida...):
		return abugidaLetters
	case unicode.In(c, abjads...):
		return abjadLetters
	}
	return 1
}

// isUnspacedStop reports whether a sign ends a part of a sentence although no space follows it.
func isUnspacedStop(c rune) bool {
	switch c {
	case '、', '，', '；', '：', '。', '！', '？':
		return true
	}
	return false
}
