package page_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/connect-async/connect-async/internal/wav"
)

// fakeVoices is a browser with voices: what they are told is kept, with the second that the table of events has then.
// Everything that sounds through an AudioContext is counted.
const fakeVoices = `window.fake = { voices: [], spoken: [], cancelled: 0, started: [] };
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
  getVoices: () => fake.voices,
  speak: (u) => fake.spoken.push({ text: u.text, local: u.voice.localService,
    at: [...document.querySelectorAll("#events tbody tr")].pop().firstChild.textContent }),
  cancel: () => fake.cancelled++ }) });
for (const kind of [OscillatorNode, AudioBufferSourceNode]) {
  const start = kind.prototype.start;
  kind.prototype.start = function (...when) { fake.started.push(kind.name); return start.apply(this, when); };
}
window.voice = (localService) => ({ localService, lang: "en-GB", name: localService ? "here" : "elsewhere" });`

// soundFlow says something, plays half a second of silence, waits for a key, and says something long.
const soundFlow = `{"Version": "2019-10-30", "StartAction": "first", "Actions": [
{"Identifier": "first", "Type": "MessageParticipant", "Parameters": {"Text": "First."},
"Transitions": {"NextAction": "music", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
{"Identifier": "music", "Type": "MessageParticipant", "Parameters": {"PromptId": "${prompt:music}"},
"Transitions": {"NextAction": "menu", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
{"Identifier": "menu", "Type": "GetParticipantInput",
"Parameters": {"Text": "Press a key.", "InputTimeLimitSeconds": "60", "StoreInput": "False"},
"Transitions": {"NextAction": "end",
"Conditions": [{"NextAction": "last", "Condition": {"Operator": "Equals", "Operands": ["1"]}}],
"Errors": [{"NextAction": "end", "ErrorType": "InputTimeLimitExceeded"},
{"NextAction": "end", "ErrorType": "NoMatchingCondition"}, {"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
{"Identifier": "last", "Type": "MessageParticipant", "Parameters": {"Text": "Last."},
"Transitions": {"NextAction": "end", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`

// soundProject is a project with a recording.
func soundProject(t *testing.T) served {
	t.Helper()
	var music strings.Builder
	if err := (wav.Recording{Rate: 8000, Samples: make([]int16, 4000)}).Write(&music); err != nil {
		t.Fatal(err)
	}
	return made(t, map[string]string{
		"flow.json": soundFlow, "music.wav": music.String(),
		"connect-async.yaml": `{name: sound, scenario: scenario.yaml, flows: [{file: flow.json}],
prompts: {music: music.wav}, jobs: {b: {steps: [b]}},
functions: {b: {arn: "arn:aws:lambda:eu-west-1:111122223333:function:b"}}}`,
		"scenario.yaml": "functions: {b: {takes: 1s}}\nlengths: {First.: 1s, Press a key.: 1s, Last.: 100s}\n",
	})
}

// speech is what fakeVoices was told.
type speech struct {
	Spoken []struct {
		Text, At string
		Local    bool
	}
	Cancelled int
	Started   []string
}

func (p tab) speech() (s speech) {
	p.t.Helper()
	p.eval("fake", &s)
	return s
}

// sound turns the sound on or off, with the mouse: browsers play nothing before somebody has done something.
func (p tab) sound() {
	p.t.Helper()
	var at struct{ X, Y, Width, Height float64 }
	p.eval(`document.getElementById("sound").getBoundingClientRect()`, &at)
	p.must(chromedp.MouseClickXY(at.X+at.Width/2, at.Y+at.Height/2))
}

// openWithVoices opens a page in a browser that has voices.
func openWithVoices(t *testing.T, voices string) tab {
	t.Helper()
	p := open(t, newBrowser(t), soundProject(t).url())
	_, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: fakeVoices + "fake.voices = [" + voices + "];"})
	if err != nil {
		t.Fatal(err)
	}
	p.must(chromedp.Reload())
	p.wait(`document.querySelectorAll("#flow .block").length > 0`)
	return p
}

// TestSoundInTheBrowser listens to a call: texts by a voice of this machine, when they begin and until something else
// happens, recordings, and keys.
func TestSoundInTheBrowser(t *testing.T) {
	p := openWithVoices(t, "voice(false), voice(true)")
	p.sound()
	p.start("1", "you")
	p.shows("status", "press a key")
	p.press("1")
	p.wait("fake.spoken.length === 3")
	got := p.speech()
	for i, want := range []struct{ text, at string }{{"First.", "0.0"}, {"Press a key.", "1.5"}, {"Last.", ""}} {
		one := got.Spoken[i]
		if one.Text != want.text || want.at != "" && one.At != want.at || !one.Local {
			t.Errorf("spoken is %+v, want %+v by a local voice", one, want)
		}
	}
	if want := []string{"AudioBufferSourceNode", "OscillatorNode", "OscillatorNode"}; !slices.Equal(got.Started, want) {
		t.Errorf("sounds are %q, want the recording and a key", got.Started)
	}
	if live := p.text("live"); live != "" {
		t.Errorf("while a voice speaks, %q is announced", live)
	}
	p.click("hang-up")
	p.shows("status", "The call is over")
	if after := p.speech(); after.Cancelled <= got.Cancelled {
		t.Errorf("at the end the voice is not stopped")
	}

	before := p.speech()
	p.sound()
	p.start("1", "you")
	p.wait(`document.getElementById("live").textContent !== ""`)
	p.shows("events", "First.")
	after := p.speech()
	if after.Cancelled != before.Cancelled+1 || len(after.Spoken) != len(before.Spoken) {
		t.Errorf("without sound the voice was told %+v, before %+v", after, before)
	}
}

// lateRecordings lets the page wait for recordings until fake.answer is called. fake.decoded is true when the page has
// what it needs to play one.
const lateRecordings = `(() => {
const get = window.fetch, decode = AudioContext.prototype.decodeAudioData;
window.fetch = async (path, options) => {
  if (path.startsWith("/api/prompt")) await new Promise((answer) => fake.answer = answer);
  return get(path, options);
};
AudioContext.prototype.decodeAudioData = async function (wave) {
  const buffer = await decode.call(this, wave);
  setTimeout(() => fake.decoded = true);
  return buffer;
};
})()`

// TestLateRecordingInTheBrowser: a recording that arrives when its time is over is not played over what comes next.
func TestLateRecordingInTheBrowser(t *testing.T) {
	p := openWithVoices(t, "voice(true)")
	p.do(lateRecordings)
	p.sound()
	p.start("1", "you")
	p.shows("status", "press a key")
	p.do("fake.answer()")
	p.wait("fake.decoded")
	if got := p.speech(); len(got.Started) != 0 {
		t.Errorf("after the recording's time %q was started", got.Started)
	}
}

// TestNoVoiceOfThisMachineInTheBrowser: texts are never given to a voice that is a service.
func TestNoVoiceOfThisMachineInTheBrowser(t *testing.T) {
	p := openWithVoices(t, "voice(false)")
	p.sound()
	p.shows("notice", "no voice of its own")
	p.start("4", "you")
	p.shows("status", "press a key")
	if got := p.speech(); len(got.Spoken) > 0 {
		t.Errorf("a service was told %+v", got.Spoken)
	}
	p.wait(`document.getElementById("live").textContent !== ""`) // nothing speaks
	p.sound()
	p.sound() // says it again
	p.shows("notice", "no voice of its own")
	p.do(`(() => { fake.voices.push(voice(true)); speechSynthesis.dispatchEvent(new Event("voiceschanged")) })()`)
	p.wait(`document.getElementById("notice").hidden`)
}
