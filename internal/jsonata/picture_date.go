package jsonata

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// datePicture is how a time is written: the pictures of XPath's format-dateTime.
type datePicture []datePart

// datePart is a text, or a component of a time.
type datePart struct {
	text      string
	component byte // 0 for a text
	names     nameStyle
	integer   *integerPicture
	maxWidth  int  // 0: none
	digits    int  // of a year: how many of the last ones are shown, 0 for all
	zulu      bool // a time zone that shows Z for zero
}

type nameStyle int

const (
	noName nameStyle = iota
	lowerName
	upperName
	titleName
)

// defaultPresentations are the presentations of components that say none.
var defaultPresentations = map[byte]string{
	'Y': "1", 'M': "1", 'D': "1", 'd': "1", 'F': "n", 'W': "1", 'w': "1", 'X': "1", 'x': "1", 'H': "1", 'h': "1",
	'P': "n", 'm': "01", 's': "01", 'f': "1", 'Z': "01:01", 'z': "01:01", 'C': "n", 'E': "n",
}

// isoPicture is what is used without a picture.
const isoPicture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

func parseDatePicture(text string) (datePicture, *Error) {
	var picture datePicture
	for text != "" {
		at := strings.IndexByte(text, '[')
		if at < 0 {
			break
		}
		picture = picture.literal(text[:at])
		text = text[at+1:]
		if strings.HasPrefix(text, "[") {
			picture = picture.literal("[")
			text = text[1:]
			continue
		}
		end := strings.IndexByte(text, ']')
		if end < 0 {
			return nil, fail("D3135")
		}
		part, err := parseDatePart(strings.Join(strings.Fields(text[:end]), ""))
		if err != nil {
			return nil, err
		}
		picture = append(picture, part)
		text = text[end+1:]
	}
	picture = picture.literal(text)
	picture.setWidths()
	return picture, nil
}

// literal adds a text, in which ]] stands for a bracket.
func (p datePicture) literal(text string) datePicture {
	if text == "" {
		return p
	}
	return append(p, datePart{text: strings.ReplaceAll(text, "]]", "]")})
}

// setWidths fixes the width of numbers that others follow directly, so that they can be told apart.
func (p datePicture) setWidths() {
	for i := 1; i < len(p); i++ {
		if before := p[i-1].integer; before != nil && before.style == digits && p[i].integer != nil {
			before.width = before.mandatory
		}
	}
}

func parseDatePart(marker string) (datePart, *Error) {
	if marker == "" {
		return datePart{}, fail("D3132").with("")
	}
	part := datePart{component: marker[0]}
	presentation, width := marker[1:], ""
	hasWidth := false
	if at := strings.LastIndexByte(presentation, ','); at >= 0 {
		presentation, width, hasWidth = presentation[:at], presentation[at+1:], true
	}
	fallback, ok := defaultPresentations[part.component]
	if !ok {
		return part, fail("D3132").with(marker[:1])
	}
	modifier := ""
	if n := len(presentation); n > 1 && strings.IndexByte("atco", presentation[n-1]) >= 0 {
		presentation, modifier = presentation[:n-1], presentation[n-1:]
	}
	if presentation == "" {
		presentation = fallback
	}
	minWidth := 0
	if hasWidth {
		minWidth, part.maxWidth = parseWidth(width)
	}
	part.zulu = modifier == "t"
	return part, part.present(presentation, modifier, minWidth)
}

// parseWidth reads MIN-MAX, each of which may be * or absent.
func parseWidth(text string) (least, most int) {
	first, second, both := strings.Cut(text, "-")
	least, _ = strconv.Atoi(first)
	if both {
		most, _ = strconv.Atoi(second)
	}
	return max(least, 0), max(most, 0)
}

// present reads how a component is shown.
func (p *datePart) present(presentation, modifier string, minWidth int) *Error {
	switch {
	case strings.HasPrefix(presentation, "n"):
		p.names = lowerName
		return nil
	case strings.HasPrefix(presentation, "Nn"):
		p.names = titleName
		return nil
	case strings.HasPrefix(presentation, "N"):
		p.names = upperName
		return nil
	case strings.IndexByte("PCE", p.component) >= 0:
		return nil
	}
	if modifier != "" && strings.IndexByte("zZ", p.component) < 0 {
		presentation += ";" + modifier
	}
	integer, err := parseIntegerPicture(presentation)
	if err != nil {
		return err
	}
	p.integer = integer
	if integer.style == digits {
		integer.mandatory = max(integer.mandatory, minWidth)
	}
	if p.component == 'Y' {
		if p.maxWidth > 0 {
			p.digits = p.maxWidth
			integer.mandatory = p.maxWidth
		} else if n := integer.mandatory + integer.optional; n >= 2 {
			p.digits = n
		}
	}
	return nil
}

var (
	monthNames = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
		"October",
		"November", "December"}
	dayNames = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
)

// format writes a time in its own zone.
func (p datePicture) format(t time.Time) (string, *Error) {
	var b strings.Builder
	for _, part := range p {
		text := part.text
		if part.component != 0 {
			var err *Error
			if text, err = part.format(t); err != nil {
				return "", err
			}
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func (p datePart) format(t time.Time) (string, *Error) {
	switch p.component {
	case 'Z', 'z':
		return p.formatZone(t)
	case 'C', 'E':
		return "ISO", nil
	case 'P':
		if p.names == upperName {
			return strings.ToUpper(dayHalf(t)), nil
		}
		return dayHalf(t), nil
	}
	n := component(p.component, t)
	if p.names != noName {
		return p.formatName(n)
	}
	if p.digits > 0 {
		n %= int(math.Pow10(min(p.digits, 15)))
	}
	return p.integer.format(float64(n)), nil
}

func dayHalf(t time.Time) string {
	if t.Hour() >= 12 {
		return "pm"
	}
	return "am"
}

// thursday is the Thursday of the week, which decides what year and month the week belongs to.
func thursday(t time.Time) time.Time { return t.AddDate(0, 0, 4-weekday(t)) }

func weekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

// component returns a component of a time as a number.
func component(name byte, t time.Time) int {
	switch name {
	case 'Y':
		return t.Year()
	case 'M':
		return int(t.Month())
	case 'D':
		return t.Day()
	case 'd':
		return t.YearDay()
	case 'F':
		return weekday(t)
	case 'W':
		_, week := t.ISOWeek()
		return week
	case 'w':
		return (thursday(t).Day()-1)/7 + 1
	case 'X':
		return thursday(t).Year()
	case 'x':
		return int(thursday(t).Month())
	case 'H':
		return t.Hour()
	case 'h':
		return (t.Hour()+11)%12 + 1
	case 'm':
		return t.Minute()
	case 's':
		return t.Second()
	}
	return t.Nanosecond() / int(time.Millisecond)
}

func (p datePart) formatName(n int) (string, *Error) {
	var name string
	switch p.component {
	case 'M', 'x':
		name = monthNames[n-1]
	case 'F':
		name = dayNames[n-1]
	default:
		return "", fail("D3133").with(string(p.component))
	}
	switch p.names {
	case lowerName:
		name = strings.ToLower(name)
	case upperName:
		name = strings.ToUpper(name)
	}
	if p.maxWidth > 0 && len(name) > p.maxWidth {
		name = name[:p.maxWidth]
	}
	return name, nil
}

func (p datePart) formatZone(t time.Time) (string, *Error) {
	_, seconds := t.Zone()
	if p.zulu && seconds == 0 {
		return "Z", nil
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	hours, minutes := seconds/3600, seconds/60%60
	var text string
	switch {
	case p.integer == nil:
		return "", fail("D3133").with(string(p.component))
	case p.integer.mandatory <= 2:
		text = p.integer.format(float64(hours))
		if minutes != 0 {
			text += ":" + strconv.Itoa(100 + minutes)[1:]
		}
	case p.integer.mandatory <= 4:
		text = p.integer.format(float64(hours*100 + minutes))
	default:
		return "", fail("D3134").with(p.integer.mandatory)
	}
	if p.component == 'z' {
		sign = "GMT" + sign
	}
	return sign + text, nil
}

// pattern is a regular expression for a component.
func (p datePart) pattern() string {
	switch {
	case p.component == 0:
		return regexp.QuoteMeta(p.text)
	case p.component == 'Z' || p.component == 'z':
		prefix := ""
		if p.component == 'z' {
			prefix = "GMT"
		}
		pattern := prefix + `[-+][0-9]{1,2}:?(?:[0-9]{2})?`
		if p.zulu {
			pattern = "Z|" + pattern
		}
		return "(" + pattern + ")"
	case p.component == 'P':
		return "(am|pm)"
	case p.integer == nil:
		return "([a-z]+)"
	}
	return "(" + p.integer.pattern() + ")"
}

// parse reads what a component's pattern matched.
func (p datePart) parse(text string) (int, *Error) {
	switch {
	case p.component == 'Z' || p.component == 'z':
		return parseZone(text), nil
	case p.component == 'P':
		if strings.EqualFold(text, "pm") {
			return 1, nil
		}
		return 0, nil
	case p.integer != nil:
		return int(min(p.integer.parse(text), 1e9)), nil
	}
	names := monthNames
	switch p.component {
	case 'M', 'x':
	case 'F':
		names = dayNames
	default:
		return 0, fail("D3133").with(string(p.component))
	}
	for i, name := range names {
		if p.maxWidth > 0 && len(name) > p.maxWidth {
			name = name[:p.maxWidth]
		}
		if strings.EqualFold(name, text) {
			return i + 1, nil
		}
	}
	return 0, nil
}

// parseZone returns the minutes that +01:30, +0130, +1 and Z stand for.
func parseZone(text string) int {
	text = strings.TrimPrefix(strings.ToUpper(text), "GMT")
	if text == "Z" {
		return 0
	}
	sign := 1
	if strings.HasPrefix(text, "-") {
		sign = -1
	}
	hours, minutes, colon := strings.Cut(text[1:], ":")
	if !colon && len(hours) > 2 {
		hours, minutes = hours[:len(hours)-2], hours[len(hours)-2:]
	}
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	return sign * (h*60 + m)
}

// parse reads a time, with the components that are greater than all given ones taken from now.
func (p datePicture) parse(text string, now time.Time) (at time.Time, ok bool, err *Error) {
	pattern := ""
	for _, part := range p {
		if part.names != noName && strings.IndexByte("MxFPCE", part.component) < 0 {
			return at, false, fail("D3133").with(string(part.component))
		}
		pattern += part.pattern()
	}
	expression, bad := regexp.Compile("(?i)^" + pattern + "$")
	if bad != nil {
		return at, false, fail("D3132").with(pattern)
	}
	found := expression.FindStringSubmatch(text)
	if found == nil {
		return at, false, nil
	}
	given := map[byte]int{}
	group := 1
	for _, part := range p {
		if part.component == 0 {
			continue
		}
		if part.component != 'C' && part.component != 'E' {
			if given[part.component], err = part.parse(found[group]); err != nil {
				return at, false, err
			}
		}
		group++
	}
	if len(given) == 0 {
		return at, false, nil
	}
	return assemble(given, now.UTC())
}

// dateForms are the sets of components that make a date, and whether this implementation can read them.
var dateForms = []struct {
	components string
	readable   bool
}{{"YMD", true}, {"Yd", true}, {"XxwF", false}, {"XWF", false}}

// assemble makes a time of components.
func assemble(given map[byte]int, now time.Time) (time.Time, bool, *Error) {
	form := dateForms[0]
	for _, f := range dateForms {
		if fitsForm(given, f.components) {
			form = f
			break
		}
	}
	clock := "Hmsf"
	if _, ok := given['P']; ok {
		clock = "Phmsf"
	} else if _, ok := given['h']; ok {
		clock = "Phmsf"
	}
	if err := complete(given, form.components+clock, now); err != nil {
		return now, false, err
	}
	if !form.readable {
		return now, false, fail("D3136")
	}
	hour := given['H']
	if clock == "Phmsf" {
		hour = given['h']%12 + 12*given['P']
	}
	month, day := given['M'], given['D']
	if form.components == "Yd" {
		month, day = 1, given['d']
	}
	return time.Date(given['Y'], time.Month(max(month, 1)), day, hour, given['m']-given['Z']-given['z'], given['s'],
		given['f']*int(time.Millisecond), time.UTC), true, nil
}

// fitsForm reports whether some of the components that make a date are given, and no others.
func fitsForm(given map[byte]int, form string) bool {
	some := false
	for _, name := range []byte("YXMxWwdD") {
		if _, ok := given[name]; !ok {
			continue
		}
		if strings.IndexByte(form, name) < 0 {
			return false
		}
		some = true
	}
	return some
}

// complete adds the components that are not given: from now where they are greater than the first given one, and the
// least there are where they are smaller. None may be missing between given ones.
func complete(given map[byte]int, components string, now time.Time) *Error {
	started, ended := false, false
	for _, name := range []byte(components) {
		_, ok := given[name]
		switch {
		case ok && ended:
			return fail("D3136")
		case ok:
			started = true
		case started:
			ended = true
			given[name] = 0
			if slices.Contains([]byte("MDd"), name) {
				given[name] = 1
			}
		default:
			given[name] = component(name, now)
			if name == 'P' {
				given[name] = now.Hour() / 12
			}
		}
	}
	return nil
}

// inZone returns a time in a zone such as +0100; "" is UTC.
func inZone(at time.Time, zone string) time.Time {
	n, err := strconv.Atoi(strings.ReplaceAll(zone, ":", ""))
	if err != nil || n == 0 {
		return at.UTC()
	}
	minutes := n/100*60 + n%100
	return at.In(time.FixedZone("", minutes*60))
}

func (c *call) formatTime(at time.Time, picture, zone int) (any, *Error) {
	text := isoPicture
	if !c.undefinedAt(picture) {
		text = c.text(picture)
	}
	parsed, err := parseDatePicture(text)
	if err != nil {
		return nil, err
	}
	formatted, err := parsed.format(inZone(at, c.text(zone)))
	if err != nil {
		return nil, err
	}
	return c.makeText(formatted), nil
}

func (c *call) now() (any, *Error) { return c.formatTime(c.e.env.Now, 0, 1) }

func (c *call) millis() (any, *Error) { return c.e.env.Now.UnixMilli(), nil }

func (c *call) fromMillis() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	const most = 8.64e15 // the range of the language's dates
	return c.formatTime(time.UnixMilli(int64(min(max(c.double(0), -most), most))), 1, 2)
}

var isoTime = regexp.MustCompile(
	`^(\d{4})(?:-([01]\d))?(?:-([0-3]\d))?(?:T([0-2]\d):([0-5]\d):([0-5]\d))?(?:\.(\d+))?([+-][0-2]\d:?[0-5]\d|Z)?$`)

func (c *call) toMillis() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	if c.undefinedAt(1) {
		return parseISO(c.text(0))
	}
	picture, err := parseDatePicture(c.text(1))
	if err != nil {
		return nil, err
	}
	at, ok, err := picture.parse(c.text(0), c.e.env.Now)
	if err != nil || !ok {
		return undefined, err
	}
	return at.UnixMilli(), nil
}

func parseISO(text string) (any, *Error) {
	found := isoTime.FindStringSubmatch(text)
	if found == nil {
		return nil, fail("D3110").with(text)
	}
	part := func(i, otherwise int) int {
		if n, err := strconv.Atoi(found[i]); err == nil {
			return n
		}
		return otherwise
	}
	fraction, _ := strconv.ParseFloat("0."+found[7]+"0", 64)
	offset := 0
	if found[8] != "" {
		offset = parseZone(found[8])
	}
	at := time.Date(part(1, 0), time.Month(part(2, 1)), part(3, 1), part(4, 0), part(5, 0)-offset, part(6, 0),
		int(math.Floor(fraction*1000))*int(time.Millisecond), time.UTC)
	return at.UnixMilli(), nil
}
