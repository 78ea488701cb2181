package jsonata

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// integerPicture is how whole numbers are written: the pictures of XPath's format-integer.
type integerPicture struct {
	style     numberStyle
	upper     bool // letters, roman and words in capitals
	title     bool // words with capitals at their beginning
	ordinal   bool
	zero      rune // the zero of the digits
	mandatory int
	optional  int
	separator []separator // from the right
	regular   int         // the distance between separators, 0 where they are irregular
	width     int         // of digits that others follow directly when a text is parsed, 0 for any
}

type numberStyle int

const (
	digits numberStyle = iota
	letters
	roman
	words
)

// separator is a character between digits, and how many digits stand to the right of it.
type separator struct {
	position  int
	character rune
}

// zeros are the zeros of the families of decimal digits.
var zeros = []rune{0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
	0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
	0x1C40,
	0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10}

// parseIntegerPicture reads a picture such as 001, #,##0;o, I or Ww.
func parseIntegerPicture(text string) (*integerPicture, *Error) {
	p := &integerPicture{zero: '0'}
	format := text
	if at := strings.LastIndexByte(text, ';'); at >= 0 {
		format = text[:at]
		p.ordinal = strings.HasPrefix(text[at+1:], "o")
	}
	switch format {
	case "A", "a":
		p.style = letters
	case "I", "i":
		p.style = roman
	case "W", "w", "Ww":
		p.style, p.title = words, format == "Ww"
	default:
		return p, p.digits(format)
	}
	p.upper = format != "Ww" && format == strings.ToUpper(format)
	return p, nil
}

// digits reads a picture of digits.
func (p *integerPicture) digits(format string) *Error {
	zero := rune(-1)
	position := 0
	reversed := []rune(format)
	slices.Reverse(reversed)
	for _, r := range reversed {
		family := familyOf(r)
		switch {
		case family >= 0 && zero >= 0 && family != zero:
			return fail("D3131")
		case family >= 0:
			zero = family
			p.mandatory++
			position++
		case r == '#':
			p.optional++
			position++
		default:
			p.separator = append(p.separator, separator{position: position, character: r})
		}
	}
	if zero < 0 {
		return fail("D3130").with(format)
	}
	p.zero = zero
	p.regular = regularDistance(p.separator)
	return nil
}

// familyOf returns the zero of a digit's family, -1 for anything else.
func familyOf(r rune) rune {
	for _, zero := range zeros {
		if r >= zero && r <= zero+9 {
			return zero
		}
	}
	return -1
}

// regularDistance returns the distance at which separators would go on for ever, 0 when they do not.
func regularDistance(list []separator) int {
	if len(list) == 0 {
		return 0
	}
	distance := 0
	for _, s := range list {
		if s.character != list[0].character {
			return 0
		}
		distance = gcd(distance, s.position)
	}
	for i := 1; i <= len(list); i++ {
		if !slices.ContainsFunc(list, func(s separator) bool { return s.position == i*distance }) {
			return 0
		}
	}
	return distance
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// format writes a whole number.
func (p *integerPicture) format(f float64) string {
	f = math.Floor(f)
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	switch p.style {
	case letters:
		return sign + p.cased(formatLetters(f))
	case roman:
		return sign + p.cased(formatRoman(f))
	case words:
		return sign + p.cased(formatWords(f, p.ordinal))
	}
	return sign + p.formatDigits(f)
}

func (p *integerPicture) cased(text string) string {
	switch {
	case p.upper:
		return strings.ToUpper(text)
	case p.title:
		return capitalized(text)
	}
	return text
}

// capitalized writes each word but "and" with a capital.
func capitalized(text string) string {
	var b strings.Builder
	start := true
	for i, r := range text {
		if start && !strings.HasPrefix(text[i:], "and ") {
			r = unicode.ToUpper(r)
		}
		start = r == ' ' || r == '-'
		b.WriteRune(r)
	}
	return b.String()
}

func (p *integerPicture) formatDigits(f float64) string {
	text := strconv.FormatFloat(f, 'f', 0, 64)
	if missing := p.mandatory - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	var b strings.Builder
	for i, r := range text {
		if left := len(text) - i; i > 0 {
			b.WriteString(p.separatorAt(left))
		}
		b.WriteRune(r - '0' + p.zero)
	}
	if p.ordinal {
		b.WriteString(ordinalSuffix(text))
	}
	return b.String()
}

// separatorAt returns what is before the last n digits.
func (p *integerPicture) separatorAt(n int) string {
	if p.regular > 0 {
		if n%p.regular == 0 {
			return string(p.separator[0].character)
		}
		return ""
	}
	var b strings.Builder
	for _, s := range p.separator {
		if s.position == n {
			b.WriteRune(s.character)
		}
	}
	return b.String()
}

func ordinalSuffix(text string) string {
	if len(text) > 1 && text[len(text)-2] == '1' {
		return "th"
	}
	switch text[len(text)-1] {
	case '1':
		return "st"
	case '2':
		return "nd"
	case '3':
		return "rd"
	}
	return "th"
}

// formatLetters counts a, b, … z, aa, ab.
func formatLetters(f float64) string {
	var reversed []byte
	for n := min(f, 1<<53); n >= 1; n = math.Floor((n - 1) / 26) {
		reversed = append(reversed, 'a'+byte(math.Mod(n-1, 26)))
	}
	slices.Reverse(reversed)
	return string(reversed)
}

var romanNumerals = []struct {
	value float64
	text  string
}{
	{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"},
	{9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"},
}

func formatRoman(f float64) string {
	var b strings.Builder
	f = min(f, 1_000_000) // a thousand m
	for _, numeral := range romanNumerals {
		for ; f >= numeral.value; f -= numeral.value {
			b.WriteString(numeral.text)
		}
	}
	return b.String()
}

var (
	smallNumbers = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen " +
		"fourteen " +
		"fifteen sixteen seventeen eighteen nineteen")
	smallOrdinals = strings.Fields("zeroth first second third fourth fifth sixth seventh eighth ninth tenth " +
		"eleventh twelfth " +
		"thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth")
	tens       = strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety")
	magnitudes = strings.Fields("thousand million billion trillion")
)

func formatWords(f float64, ordinal bool) string { return wordsOf(f, false, ordinal) }

// wordsOf writes a number; continued says that a greater part comes before it.
func wordsOf(f float64, continued, ordinal bool) string {
	switch {
	case f < 20:
		list := smallNumbers
		if ordinal {
			list = smallOrdinals
		}
		return joined(continued, " and ", list[int(f)])
	case f < 100:
		return joined(continued, " and ", wordsOfTens(int(f), ordinal))
	case f < 1000:
		hundreds := smallNumbers[int(f)/100] + " hundred"
		return joined(continued, ", ", hundreds) + remainderWords(math.Mod(f, 100), ordinal)
	}
	magnitude := min(int(math.Floor(math.Log10(f)/3)), len(magnitudes))
	factor := math.Pow(10, float64(magnitude)*3)
	if math.Floor(f/factor) == 0 {
		magnitude--
		factor /= 1000
	}
	count := math.Floor(f / factor)
	whole := wordsOf(count, false, false) + " " + magnitudes[magnitude-1]
	return joined(continued, ", ", whole) + remainderWords(max(f-count*factor, 0), ordinal)
}

func joined(continued bool, joint, text string) string {
	if continued {
		return joint + text
	}
	return text
}

func remainderWords(f float64, ordinal bool) string {
	switch {
	case f > 0:
		return wordsOf(f, true, ordinal)
	case ordinal:
		return "th"
	}
	return ""
}

func wordsOfTens(n int, ordinal bool) string {
	text := tens[n/10-2]
	switch {
	case n%10 > 0:
		return text + "-" + wordsOf(float64(n%10), false, ordinal)
	case ordinal:
		return strings.TrimSuffix(text, "y") + "ieth"
	}
	return text
}

// pattern is a regular expression for what format writes.
func (p *integerPicture) pattern() string {
	switch p.style {
	case letters:
		return `[a-z]+`
	case roman:
		return `[mdclxvi]+`
	case words:
		return `(?:` + strings.Join(wordList(), "|") + `|and|[-, ])+`
	}
	digit := "[" + string(p.zero) + "-" + string(p.zero+9)
	for _, s := range p.separator {
		digit += regexp.QuoteMeta(string(s.character))
	}
	digit += "]"
	if p.width > 0 {
		digit += "{" + strconv.Itoa(p.width) + "}"
	} else {
		digit += "+"
	}
	if p.ordinal {
		digit += "(?:th|st|nd|rd)"
	}
	return digit
}

// parse reads what pattern matches.
func (p *integerPicture) parse(text string) float64 {
	text = strings.ToLower(text)
	switch p.style {
	case letters:
		n := 0.0
		for i := range len(text) {
			n = n*26 + float64(text[i]-'a') + 1
		}
		return n
	case roman:
		return parseRoman(text)
	case words:
		return parseWords(text)
	}
	n := 0.0
	for _, r := range text {
		if r >= p.zero && r <= p.zero+9 {
			n = n*10 + float64(r-p.zero)
		}
	}
	return n
}

func parseRoman(text string) float64 {
	n := 0.0
	for _, numeral := range romanNumerals {
		for strings.HasPrefix(text, numeral.text) {
			n += numeral.value
			text = text[len(numeral.text):]
		}
	}
	return n
}

// wordValues are the words of numbers.
var wordValues = wordTable()

func wordTable() map[string]float64 {
	table := map[string]float64{"hundred": 100, "hundredth": 100}
	for i := range smallNumbers {
		table[smallNumbers[i]], table[smallOrdinals[i]] = float64(i), float64(i)
	}
	for i, word := range tens {
		table[word] = float64(i+2) * 10
		table[strings.TrimSuffix(word, "y")+"ieth"] = float64(i+2) * 10
	}
	for i, word := range magnitudes {
		table[word], table[word+"th"] = math.Pow(1000, float64(i+1)), math.Pow(1000, float64(i+1))
	}
	return table
}

// wordList returns the words, longer ones first, so that none hides another.
func wordList() []string {
	var list []string
	for word := range wordValues {
		list = append(list, word)
	}
	slices.SortFunc(list, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return list
}

func parseWords(text string) float64 {
	parts := []float64{0}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,-", r) }) {
		n, ok := wordValues[word]
		last := len(parts) - 1
		switch {
		case !ok:
		case n >= 100:
			parts[last] *= n
		case parts[last] >= 1000:
			parts = append(parts, n)
		default:
			parts[last] += n
		}
	}
	total := 0.0
	for _, part := range parts {
		total += part
	}
	return total
}

func (c *call) formatInteger() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	p, err := parseIntegerPicture(c.text(1))
	if err != nil {
		return nil, err
	}
	return c.makeText(p.format(c.double(0))), nil
}

func (c *call) parseInteger() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	p, err := parseIntegerPicture(c.text(1))
	if err != nil {
		return nil, err
	}
	text, negative := strings.CutPrefix(c.text(0), "-")
	n := p.parse(text)
	if negative {
		n = -n
	}
	return computed(n), nil
}
