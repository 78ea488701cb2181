package speech

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Segment is an unbroken stretch of a prompt: spoken text, or silence (Text is empty).
type Segment struct {
	Text     string
	Spoken   string // the text as it is read out, "" when that is Text
	Duration time.Duration
}

// ReadOut is the text as it is read out.
func (s Segment) ReadOut() string { return cmp.Or(s.Spoken, s.Text) }

// maxBreak is the longest break that Polly accepts (documentation of the break tag: up to 10 s).
const maxBreak = 10 * time.Second

// breakStrengths are the pauses of <break strength>. Polly documents them only in words ("as after a comma"), so they
// are estimates; <break time> is exact.
var breakStrengths = map[string]time.Duration{
	"none": 0, "x-weak": 0, "weak": 100 * time.Millisecond, "medium": 200 * time.Millisecond,
	"strong": 400 * time.Millisecond, "x-strong": 800 * time.Millisecond,
}

// prosodyRates are the factors of <prosody rate>, as Polly's documentation gives them in percent.
var prosodyRates = map[string]float64{"x-slow": 0.2, "slow": 0.4, "medium": 1, "fast": 1.5, "x-fast": 2}

// Length tells how long a text takes when spoken at normal speed. spoken is the same text with what the document says
// to read out otherwise as it is read out.
type Length func(text, spoken string) time.Duration

// SSML returns the segments of an SSML document. A caller can supply durations that it knows better than Rate does.
func SSML(ssml string, length Length) ([]Segment, error) {
	p := &ssmlParser{length: length, speeds: []float64{1}}
	dec := xml.NewDecoder(strings.NewReader(ssml))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("invalid SSML: %w", err)
		}
		if err := p.token(token); err != nil {
			return nil, fmt.Errorf("invalid SSML: %w", err)
		}
	}
	if !p.rooted {
		return nil, errors.New("invalid SSML: the text is not enclosed in <speak>")
	}
	p.flush()
	return p.segments, nil
}

type ssmlParser struct {
	length   Length
	segments []Segment
	text     strings.Builder
	spoken   strings.Builder // the same as it is read out
	readAs   string          // interpret-as of the open say-as
	alias    string          // of the open sub
	speeds   []float64       // factor of each open element, outermost first
	rooted   bool
}

func (p *ssmlParser) token(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return p.open(t)
	case xml.EndElement:
		p.close(t.Name.Local)
		p.speeds = p.speeds[:len(p.speeds)-1]
	case xml.CharData:
		if !p.rooted && strings.TrimSpace(string(t)) != "" {
			return errors.New("text outside <speak>")
		}
		p.text.Write(t)
		p.spoken.WriteString(p.readOut(string(t)))
	}
	return nil
}

// readOut is a text as it is read out where it stands.
func (p *ssmlParser) readOut(text string) string {
	if p.alias != "" && strings.TrimSpace(text) != "" {
		return p.alias
	}
	return cmp.Or(sayAs(text, p.readAs), text)
}

func (p *ssmlParser) open(t xml.StartElement) error {
	if !p.rooted && t.Name.Local != "speak" {
		return fmt.Errorf("the first element is <%s>, not <speak>", t.Name.Local)
	}
	p.rooted = true
	speed := p.speeds[len(p.speeds)-1]
	switch t.Name.Local {
	case "break":
		p.flush()
		pause, err := breakTime(t)
		if err != nil {
			return err
		}
		p.segments = append(p.segments, Segment{Duration: pause})
	case "prosody":
		p.flush()
		factor, err := prosodyRate(attribute(t, "rate"))
		if err != nil {
			return err
		}
		speed *= factor
	case "say-as":
		p.readAs = attribute(t, "interpret-as")
	case "sub":
		p.alias = attribute(t, "alias")
	}
	p.speeds = append(p.speeds, speed)
	return nil
}

// close ends what an element says about the text in it; the text itself ends where its speed changes.
func (p *ssmlParser) close(element string) {
	switch element {
	case "prosody":
		p.flush()
	case "say-as":
		p.readAs = ""
	case "sub":
		p.alias = ""
	}
}

func (p *ssmlParser) flush() {
	text, spoken := Collapse(p.text.String()), Collapse(p.spoken.String())
	p.text.Reset()
	p.spoken.Reset()
	if d := p.length(text, spoken); d > 0 {
		speed := p.speeds[len(p.speeds)-1]
		segment := Segment{Text: text, Duration: time.Duration(float64(d) / speed).Round(time.Millisecond)}
		if spoken != text {
			segment.Spoken = spoken
		}
		p.segments = append(p.segments, segment)
	}
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

func breakTime(t xml.StartElement) (time.Duration, error) {
	text := attribute(t, "time")
	if text == "" {
		strength := attribute(t, "strength")
		if strength == "" {
			strength = "medium"
		}
		pause, ok := breakStrengths[strength]
		if !ok {
			return 0, fmt.Errorf("unknown break strength %q", strength)
		}
		return pause, nil
	}
	pause, err := time.ParseDuration(text)
	if err != nil || pause < 0 || pause > maxBreak {
		return 0, fmt.Errorf("the break time %q is not between 0 and 10 s", text)
	}
	return pause, nil
}

func prosodyRate(rate string) (float64, error) {
	if rate == "" {
		return 1, nil
	}
	if factor, ok := prosodyRates[rate]; ok {
		return factor, nil
	}
	percent, err := strconv.ParseFloat(strings.TrimSuffix(rate, "%"), 64)
	if err != nil || percent < 20 || percent > 200 {
		return 0, fmt.Errorf("the prosody rate %q is not between 20%% and 200%%", rate)
	}
	return percent / 100, nil
}
