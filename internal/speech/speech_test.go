package speech_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/speech"
)

const ms = time.Millisecond

func TestText(t *testing.T) {
	// A word, six characters, takes 1 s.
	rate := speech.Rate{WordsPerMinute: 60, Comma: 100 * ms, Sentence: 300 * ms, End: 500 * ms}
	for _, test := range []struct {
		text string
		want time.Duration
	}{
		{"", 0},
		{" \n ", 0},
		{"...", 0},
		{"hello", 1500 * ms},
		{"hello hello", 2500 * ms},
		{"  hello \n hello ", 2500 * ms},
		{"hell, hello", 2600 * ms},
		{"hell. hello", 2800 * ms},
		{"12345", 7333 * ms}, // twelve thousand three hundred forty five
	} {
		if got := rate.Text(test.text); got != test.want {
			t.Errorf("%q: got %v, want %v", test.text, got, test.want)
		}
	}
}

func perCharacter(_, spoken string) time.Duration { return time.Duration(len(spoken)) * time.Second }

func TestSSML(t *testing.T) {
	for _, test := range []struct {
		ssml string
		want []speech.Segment
	}{
		{`<speak>abc</speak>`, []speech.Segment{{Text: "abc", Duration: 3 * time.Second}}},
		{"<speak>\n<break time=\"500ms\"/>\n</speak>", []speech.Segment{{Duration: 500 * ms}}},
		{`<speak><break time="1.5s"/> ab <break strength="strong"/>c</speak>`,
			[]speech.Segment{
				{Duration: 1500 * ms},
				{Text: "ab", Duration: 2 * time.Second},
				{Duration: 400 * ms},
				{Text: "c", Duration: time.Second},
			}},
		{`<speak>a <emphasis>b</emphasis> c</speak>`, []speech.Segment{{Text: "a b c", Duration: 5 * time.Second}}},
		{`<speak>ab<prosody rate="50%">cd</prosody>ef</speak>`,
			[]speech.Segment{
				{Text: "ab", Duration: 2 * time.Second},
				{Text: "cd", Duration: 4 * time.Second},
				{Text: "ef", Duration: 2 * time.Second},
			}},
		{`<speak>a <say-as interpret-as="digits">12</say-as> <sub alias="long">x</sub></speak>`,
			[]speech.Segment{{Text: "a 12 x", Spoken: "a one two long",
				Duration: time.Duration(len("a one two long")) * time.Second}}},
	} {
		got, err := speech.SSML(test.ssml, perCharacter)
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %v %v, want %v", test.ssml, got, err, test.want)
		}
	}
}

func TestBadSSML(t *testing.T) {
	for _, ssml := range []string{"", "hello", "<speak>", "<speak></break></speak>", "<p>hello</p>",
		`<speak><break time="11s"/></speak>`, `<speak><break time="soon"/></speak>`,
		`<speak><break strength="very"/></speak>`, `<speak><prosody rate="5%">a</prosody></speak>`} {
		if got, err := speech.SSML(ssml, perCharacter); err == nil {
			t.Errorf("%q gives %v", ssml, got)
		}
	}
}

func FuzzSSML(f *testing.F) {
	f.Add(`<speak><break time="500ms"/>a<prosody rate="slow">b</prosody></speak>`)
	f.Fuzz(func(t *testing.T, ssml string) {
		segments, err := speech.SSML(ssml, speech.DefaultRange().Middle().Length)
		for _, s := range segments {
			if s.Duration < 0 || err != nil {
				t.Errorf("%v %v", segments, err)
			}
		}
	})
}
