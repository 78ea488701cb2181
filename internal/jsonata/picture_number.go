package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/value"
)

// decimalFormat holds the characters of number pictures: those of XPath's format-number.
type decimalFormat struct {
	decimal, grouping, exponent, digit, pattern rune
	zero                                        rune
	minus, percent, perMille, infinity, nan     string
}

func newDecimalFormat(options *value.Object) *decimalFormat {
	d := &decimalFormat{decimal: '.', grouping: ',', exponent: 'e', digit: '#', pattern: ';', zero: '0',
		minus: "-", percent: "%", perMille: "‰", infinity: "Infinity", nan: "NaN"}
	characters := map[string]*rune{"decimal-separator": &d.decimal, "grouping-separator": &d.grouping,
		"exponent-separator": &d.exponent, "digit": &d.digit, "pattern-separator": &d.pattern, "zero-digit": &d.zero}
	texts := map[string]*string{"minus-sign": &d.minus, "percent": &d.percent, "per-mille": &d.perMille,
		"infinity": &d.infinity, "NaN": &d.nan}
	for name, v := range options.All() {
		text, _ := v.(string)
		if character, ok := characters[name]; ok && text != "" {
			*character, _ = utf8.DecodeRuneInString(text)
		}
		if target, ok := texts[name]; ok {
			*target = text
		}
	}
	return d
}

func (d *decimalFormat) isDigit(r rune) bool { return r >= d.zero && r <= d.zero+9 }

func (d *decimalFormat) isActive(r rune) bool {
	return d.isDigit(r) || r == d.decimal || r == d.grouping || r == d.digit || r == d.exponent
}

// subPicture is one of the two parts of a picture: the first for all numbers or those above 0, the second for the
// others.
type subPicture struct {
	prefix, suffix     string
	whole, fraction    string // of the mantissa
	exponent           string
	hasExponent        bool
	minWhole, scaling  int
	minFraction        int
	maxFraction        int
	minExponent        int
	wholeGroups        []int // numbers of digits to the right of each separator
	fractionGroups     []int // numbers of digits to the left of each
	regular            int
	percent, perMille  bool
	mantissa, variable string
}

// parsePicture reads a picture.
func (d *decimalFormat) parsePicture(text string) ([]*subPicture, *Error) {
	parts := strings.Split(text, string(d.pattern))
	if len(parts) > 2 {
		return nil, fail("D3080")
	}
	var list []*subPicture
	for _, part := range parts {
		s, err := d.parseSubPicture(part)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	if len(list) == 1 {
		negative := *list[0]
		negative.prefix = d.minus + negative.prefix
		list = append(list, &negative)
	}
	return list, nil
}

func (d *decimalFormat) parseSubPicture(text string) (*subPicture, *Error) {
	s := &subPicture{}
	activeStart := strings.IndexFunc(text, func(r rune) bool { return d.isActive(r) && r != d.exponent })
	activeEnd := strings.LastIndexFunc(text, func(r rune) bool { return d.isActive(r) && r != d.exponent })
	if activeStart < 0 {
		return nil, d.checkSubPicture(text, s)
	}
	_, size := utf8.DecodeRuneInString(text[activeEnd:])
	activeEnd += size
	s.prefix, s.suffix, s.variable = text[:activeStart], text[activeEnd:], text[activeStart:activeEnd]
	s.mantissa = s.variable
	if before, after, found := strings.Cut(s.variable, string(d.exponent)); found {
		s.mantissa, s.exponent, s.hasExponent = before, after, true
	}
	s.whole = s.mantissa
	if before, after, found := strings.Cut(s.mantissa, string(d.decimal)); found {
		s.whole, s.fraction = before, after
	}
	if err := d.checkSubPicture(text, s); err != nil {
		return nil, err
	}
	d.analyse(text, s)
	return s, nil
}

// checkSubPicture reports what is wrong with a sub-picture.
func (d *decimalFormat) checkSubPicture(text string, s *subPicture) *Error {
	count := func(part string) int {
		if part == "" {
			return 0
		}
		return strings.Count(text, part)
	}
	percents, perMilles := count(d.percent), count(d.perMille)
	grouping, decimal := string(d.grouping), string(d.decimal)
	isDigit, isOptional := d.isDigit, func(r rune) bool { return r == d.digit }
	firstDigit := strings.IndexFunc(s.whole, isDigit)
	lastFractionDigit := strings.LastIndexFunc(s.fraction, isDigit)
	firstOptional := strings.IndexFunc(s.fraction, isOptional)
	switch {
	case strings.Count(text, decimal) > 1:
		return fail("D3081")
	case percents > 1:
		return fail("D3082")
	case perMilles > 1:
		return fail("D3083")
	case percents > 0 && perMilles > 0:
		return fail("D3084")
	case strings.IndexFunc(s.mantissa, func(r rune) bool { return isDigit(r) || isOptional(r) }) < 0:
		return fail("D3085")
	case strings.IndexFunc(s.variable, func(r rune) bool { return !d.isActive(r) }) >= 0:
		return fail("D3086")
	case strings.Contains(text, grouping+decimal) || strings.Contains(text, decimal+grouping):
		return fail("D3087")
	case !strings.Contains(s.variable, decimal) && strings.HasSuffix(s.whole, grouping):
		return fail("D3088")
	case strings.Contains(text, grouping+grouping):
		return fail("D3089")
	case firstDigit >= 0 && strings.IndexFunc(s.whole[firstDigit:], isOptional) >= 0:
		return fail("D3090")
	case firstOptional >= 0 && lastFractionDigit > firstOptional:
		return fail("D3091")
	case s.hasExponent && percents+perMilles > 0:
		return fail("D3092")
	case s.hasExponent && (s.exponent == "" || strings.IndexFunc(s.exponent,
		func(r rune) bool { return !isDigit(r) }) >= 0):
		return fail("D3093")
	}
	return nil
}

// analyse works out what the parts of a sub-picture mean.
func (d *decimalFormat) analyse(text string, s *subPicture) {
	countDigits := func(part string) int {
		n := 0
		for _, r := range part {
			if d.isDigit(r) {
				n++
			}
		}
		return n
	}
	countAll := func(part string) int { return countDigits(part) + strings.Count(part, string(d.digit)) }
	s.percent = d.percent != "" && strings.Contains(text, d.percent)
	s.perMille = d.perMille != "" && strings.Contains(text, d.perMille)
	for i, r := range s.whole {
		if r == d.grouping {
			s.wholeGroups = append(s.wholeGroups, countAll(s.whole[i:]))
		}
	}
	for i, r := range s.fraction {
		if r == d.grouping {
			s.fractionGroups = append(s.fractionGroups, countAll(s.fraction[:i]))
		}
	}
	s.regular = regularGroups(s.wholeGroups)
	s.minWhole, s.scaling = countDigits(s.whole), countDigits(s.whole)
	s.minFraction, s.maxFraction = countDigits(s.fraction), countAll(s.fraction)
	s.minExponent = countDigits(s.exponent)
	if s.minWhole == 0 && s.maxFraction == 0 {
		if s.hasExponent {
			s.minFraction, s.maxFraction = 1, 1
		} else {
			s.minWhole = 1
		}
	}
	if s.hasExponent && s.minWhole == 0 && strings.ContainsRune(s.whole, d.digit) {
		s.minWhole = 1
	}
	if s.minWhole == 0 && s.minFraction == 0 {
		s.minFraction = 1
	}
}

func regularGroups(positions []int) int {
	list := make([]separator, len(positions))
	for i, position := range positions {
		list[i] = separator{position: position}
	}
	return regularDistance(list)
}

// format writes a number by the sub-picture for its sign.
func (d *decimalFormat) format(f float64, picture []*subPicture) string {
	s := picture[0]
	if f < 0 {
		s = picture[1]
	}
	size := math.Abs(f)
	switch {
	case math.IsNaN(f):
		return d.nan
	case math.IsInf(f, 0):
		return s.prefix + d.infinity + s.suffix
	case s.percent:
		size *= 100
	case s.perMille:
		size *= 1000
	}
	exponent := 0
	if s.hasExponent {
		size, exponent = d.scale(size, s)
	}
	text := strconv.FormatFloat(math.Abs(roundTo(size, s.maxFraction)), 'f', s.maxFraction, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	whole = strings.TrimLeft(whole, "0")
	for len(whole) < s.minWhole {
		whole = "0" + whole
	}
	for len(fraction) > s.minFraction && strings.HasSuffix(fraction, "0") {
		fraction = fraction[:len(fraction)-1]
	}
	result := s.prefix + d.digits(groupWhole(whole, s, d.grouping))
	if fraction != "" {
		result += string(d.decimal) + d.digits(groupFraction(fraction, s, d.grouping))
	}
	if s.hasExponent {
		result += d.formatExponent(exponent, s)
	}
	return result + s.suffix
}

// scale moves the decimal point so that the mantissa has as many digits before it as the picture asks for.
func (d *decimalFormat) scale(size float64, s *subPicture) (mantissa float64, exponent int) {
	most := math.Pow10(s.scaling)
	least := math.Pow10(s.scaling - 1)
	mantissa = size
	for mantissa != 0 && mantissa < least {
		mantissa *= 10
		exponent--
	}
	for mantissa >= most {
		mantissa /= 10
		exponent++
	}
	return mantissa, exponent
}

func (d *decimalFormat) formatExponent(exponent int, s *subPicture) string {
	text := strconv.Itoa(max(exponent, -exponent))
	for len(text) < s.minExponent {
		text = "0" + text
	}
	sign := ""
	if exponent < 0 {
		sign = d.minus
	}
	return string(d.exponent) + sign + d.digits(text)
}

// digits writes digits in the family of the format.
func (d *decimalFormat) digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + d.zero
		}
		return r
	}, text)
}

func groupWhole(text string, s *subPicture, grouping rune) string {
	var b strings.Builder
	for i := range len(text) {
		left := len(text) - i
		separated := s.regular > 0 && left%s.regular == 0
		for _, position := range s.wholeGroups {
			separated = separated || position == left
		}
		if separated && i > 0 {
			b.WriteRune(grouping)
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

func groupFraction(text string, s *subPicture, grouping rune) string {
	var b strings.Builder
	for i := range len(text) {
		for _, position := range s.fractionGroups {
			if position == i && i > 0 {
				b.WriteRune(grouping)
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

func (c *call) formatNumber() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	options, _ := c.arguments[2].(*value.Object)
	d := newDecimalFormat(options)
	picture, err := d.parsePicture(c.text(1))
	if err != nil {
		return nil, err
	}
	return c.makeText(d.format(c.double(0), picture)), nil
}
