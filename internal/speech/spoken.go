package speech

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Digits take as long as the words that they are read out as. The words are English, whatever the language: it is
// their number and length that counts, and those of other languages are alike.

var (
	belowTwenty = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen " +
		"fourteen fifteen sixteen seventeen eighteen nineteen")
	tens   = strings.Fields("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
	months = strings.Fields("January February March April May June July August September October November December")
	scales = []struct {
		size uint64
		name string
	}{{1e12, "trillion"}, {1e9, "billion"}, {1e6, "million"}, {1e3, "thousand"}, {100, "hundred"}}
	currencies = map[string][2]string{
		"$": {"dollars", "cents"}, "€": {"euros", "cents"}, "£": {"pounds", "pence"}, "¥": {"yen", "sen"},
	}
)

const amount = `\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`

// digits finds what is read out as words: a date, a time of day, a sum of money, a number with what belongs to it.
var digits = regexp.MustCompile(`(?P<date>\b\d{4}-\d\d?-\d\d?\b|\b\d\d?/\d\d?/\d{2,4}\b)|` +
	`(?P<time>\b\d\d?:\d\d\b)|` +
	`(?P<before>[$€£¥]) ?(?P<sum>` + amount + `)|` +
	`(?P<number>` + amount + `)(?: ?(?P<after>[$€£¥%])|(?P<ordinal>st|nd|rd|th)\b)?`)

// spokenForm is a text with its digits as words.
func spokenForm(text string) string {
	if !strings.ContainsFunc(text, unicode.IsDigit) {
		return text
	}
	return digits.ReplaceAllStringFunc(text, func(found string) string {
		match := digits.FindStringSubmatch(found)
		part := func(name string) string { return match[digits.SubexpIndex(name)] }
		switch {
		case part("date") != "":
			return date(found)
		case part("time") != "":
			hour, minute, _ := strings.Cut(found, ":")
			return number(hour) + " " + number(minute)
		case part("before") != "":
			return money(part("sum"), part("before"))
		case part("after") == "%":
			return number(part("number")) + " percent"
		case part("after") != "":
			return money(part("number"), part("after"))
		case part("ordinal") != "":
			return ordinal(part("number"))
		}
		return number(found)
	})
}

// number reads a number: its digits one by one after a point, with zeros before it, or when there are very many.
func number(text string) string {
	whole, fraction, hasPoint := strings.Cut(strings.ReplaceAll(text, ",", ""), ".")
	words := cardinal(whole)
	if hasPoint {
		words += " point " + oneByOne(fraction)
	}
	return words
}

func cardinal(whole string) string {
	const most = 15
	n, err := strconv.ParseUint(whole, 10, 64)
	if err != nil || len(whole) > most || len(whole) > 1 && whole[0] == '0' {
		return oneByOne(whole)
	}
	return words(n)
}

func words(n uint64) string {
	for _, s := range scales {
		if n >= s.size {
			return words(n/s.size) + " " + s.name + rest(n%s.size)
		}
	}
	if n < uint64(len(belowTwenty)) {
		return belowTwenty[n]
	}
	return tens[n/10] + rest(n%10)
}

func rest(n uint64) string {
	if n == 0 {
		return ""
	}
	return " " + words(n)
}

// ordinal reads a number in an order. The few that do not end in th are as long.
func ordinal(text string) string { return number(text) + "th" }

// money reads a sum in a currency, by its symbol.
func money(sum, symbol string) string {
	whole, fraction, _ := strings.Cut(strings.ReplaceAll(sum, ",", ""), ".")
	name := currencies[symbol]
	text := cardinal(whole) + " " + name[0]
	if small := strings.TrimLeft(fraction, "0"); small != "" {
		text += " and " + cardinal(small) + " " + name[1]
	}
	return text
}

// date reads a date of three numbers. Which of them is the day and which the month makes little difference.
func date(text string) string {
	parts := strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsDigit(c) })
	if len(parts) != 3 {
		return number(text)
	}
	if len(parts[0]) == 4 {
		parts = []string{parts[1], parts[2], parts[0]}
	}
	month, _ := strconv.Atoi(parts[0])
	day := parts[1]
	if month > len(months) {
		month, _ = strconv.Atoi(parts[1])
		day = parts[0]
	}
	return months[min(max(month, 1), len(months))-1] + " " + ordinal(strings.TrimLeft(day, "0")) + " " + year(parts[2])
}

// year reads a year in two halves, as in nineteen eighty four.
func year(text string) string {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n < 1000 || n > 9999 || n%1000 < 10 {
		return cardinal(text)
	}
	return words(n/100) + rest(n%100)
}

// oneByOne reads digits and letters one by one. The name of a letter is as long as that of most.
func oneByOne(text string) string {
	var names []string
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			names = append(names, belowTwenty[c-'0'])
		case spoken(c):
			names = append(names, "bee")
		}
	}
	return strings.Join(names, " ")
}

// grouped reads digits one by one, with a pause between groups of them.
func grouped(text string) string {
	var groups []string
	for _, group := range strings.FieldsFunc(text, func(c rune) bool { return !spoken(c) }) {
		groups = append(groups, oneByOne(group))
	}
	return strings.Join(groups, ", ")
}

// sayAs is a text as <say-as interpret-as> has it read out; "" for what has no rule of its own.
func sayAs(text, interpretAs string) string {
	number := strings.TrimFunc(text, func(c rune) bool { return !unicode.IsDigit(c) })
	switch interpretAs {
	case "characters", "spell-out", "verbatim", "digits":
		return oneByOne(text)
	case "telephone":
		return grouped(text)
	case "ordinal":
		return ordinal(number)
	case "date":
		return date(text)
	case "time": // of minutes and seconds, such as 1'21"
		minutes, seconds, found := strings.Cut(strings.Trim(text, `" `), "'")
		if found {
			return cardinal(minutes) + " minutes " + cardinal(seconds) + " seconds"
		}
	case "fraction":
		over, under, found := strings.Cut(number, "/")
		if found {
			return cardinal(over) + " " + ordinal(under)
		}
	}
	return ""
}
