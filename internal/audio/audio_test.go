package audio

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/testrun"
	"github.com/connect-async/connect-async/internal/wav"
)

// speakSwitch makes the test program speak, as a speech program: a tone for each text, with silence around it.
const speakSwitch = "CONNECT_ASYNC_TEST_SPEAK"

func TestMain(m *testing.M) {
	if os.Getenv(speakSwitch) != "" {
		if err := speak(os.Args[1], os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(7)
		}
		return
	}
	os.Exit(m.Run())
}

// speak writes 50 ms of a tone for each character, with 200 ms of silence around it. What it cannot say it refuses.
func speak(file, text string) error {
	if strings.Contains(text, "unspeakable") {
		return errors.New("not with me")
	}
	const rate = 16_000
	samples := make([]int16, rate/5)
	for i := range len(strings.TrimSpace(text)) * rate / 20 {
		samples = append(samples, int16(8000*math.Sin(2*math.Pi*300*float64(i)/rate)+1000))
	}
	samples = append(samples, make([]int16, rate/5)...)
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	return wav.Recording{Rate: rate, Samples: samples}.Write(f)
}

// fake is this test program as a speech program.
func fake(t *testing.T) Program {
	t.Helper()
	t.Setenv(speakSwitch, "1")
	return Program{Name: "fake", command: []string{executable(t), fileMark, textMark}}
}

func TestCommand(t *testing.T) {
	for line, want := range map[string][]string{
		"say":                             {"say"},
		" a  b\tc ":                       {"a", "b", "c"},
		`a 'b c' "d 'e'" f"g h"i ''`:      {"a", "b c", "d 'e'", "fg hi", ""},
		"aws --text={text} --to '{file}'": {"aws", "--text={text}", "--to", "{file}"},
	} {
		got, err := Command(line)
		if err != nil || !slices.Equal(got.command, want) {
			t.Errorf("%s: %q %v, want %q", line, got.command, err, want)
		}
	}
	for _, line := range []string{"", "  ", "a 'b", `a "`} {
		if got, err := Command(line); err == nil {
			t.Errorf("%q becomes %q", line, got.command)
		}
	}
}

func TestFind(t *testing.T) {
	only := func(name string) func(string) (string, error) {
		return func(asked string) (string, error) {
			if asked != name {
				return "", errors.New("not here")
			}
			return "/usr/bin/" + name, nil
		}
	}
	for _, name := range Programs() {
		if p, ok := Find(only(name)); !ok || p.Name != name {
			t.Errorf("of %s alone: %v %v", name, p, ok)
		}
	}
	if p, ok := Find(only("none")); ok {
		t.Errorf("of none: %v", p)
	}
}

// TestHostileText: whatever a text holds, it reaches the program as one argument that is no option and no file, and
// nothing else happens.
func TestHostileText(t *testing.T) {
	p := fake(t)
	for _, text := range []string{
		"-o /etc/passwd", "--help", "@/etc/passwd", "file:///etc/passwd", "$(touch here); `touch here` | & > here",
		"'quoted' \"twice\"", "{file} {text}", "line\nfeed\x00\x1b[31m", "\u202e right to left",
		strings.Repeat("long ", 500),
	} {
		seen := harmless(text)
		if strings.ContainsAny(seen, "\n\x00\x1b") || !strings.HasPrefix(seen, " ") {
			t.Errorf("%q becomes %q", text, seen)
		}
		got, err := p.Speak(t.Context(), text)
		want := time.Duration(len(strings.TrimSpace(seen))) * 50 * time.Millisecond
		if err != nil || (got.Length()-want).Abs() > 20*time.Millisecond || got.Rate != Rate {
			t.Errorf("%q: %v %v, want %v", text, got.Length(), err, want)
		}
	}
}

func TestProgramThatFails(t *testing.T) {
	p := fake(t)
	v := NewVoice(t.Context(), p)
	if got := v.Speak("unspeakable"); len(got.Samples) > 0 || v.Err() == nil ||
		!strings.Contains(v.Err().Error(), "not with me") {
		t.Errorf("%v %v", got, v.Err())
	}
	missing := Program{Name: "missing", command: []string{"/no/such/program", textMark}}
	if _, err := missing.Speak(t.Context(), "hello"); err == nil {
		t.Error("a program that is not there spoke")
	}
	silent := Program{Name: "silent", command: []string{executable(t), "-test.run=^$", "-test.v=false"}}
	t.Setenv(speakSwitch, "")
	if _, err := silent.Speak(t.Context(), "hello"); err != nil && !strings.Contains(err.Error(), "spoke nothing") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Speak(ctx, "hello"); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// played is a call of an example with a voice: its events, and its sound.
func played(t *testing.T, dir string, p Program) ([]call.Event, wav.Recording) {
	t.Helper()
	of, found := project.Read(dir)
	if found.HasErrors() {
		t.Fatal(found)
	}
	given, found := scenario.Read(of.Scenario)
	if found.HasErrors() {
		t.Fatal(found)
	}
	v := NewVoice(t.Context(), p)
	c, found := call.New(t.Context(), call.Options{Project: of, Scenario: given, Virtual: true, Voice: v.Over})
	if c == nil {
		t.Fatal(found)
	}
	defer c.Close()
	track := NewTrack(v, nil)
	var events []call.Event
	if _, err := c.Play(t.Context(), 1, func(e call.Event) {
		events = append(events, e)
		track.Event(e)
	}); err != nil || v.Err() != nil {
		t.Fatal(err, v.Err())
	}
	return events, track.Recording()
}

// stretch is a part of a call.
type stretch struct{ from, to time.Duration }

// silences are the stretches of a timeline in which nothing sounds, and how long the call took.
func silences(events []call.Event) (list []stretch, end time.Duration) {
	var sounds []stretch
	for _, e := range events {
		at := e.At
		for _, segment := range e.Heard {
			if segment.Text != "" {
				sounds = append(sounds, stretch{at, at + segment.Duration})
			}
			at += segment.Duration
		}
		for i := range sounds {
			if e.Type == call.TypeCut || e.Type == call.TypeEnded {
				sounds[i].to = min(sounds[i].to, e.At)
			}
		}
		end = e.At
	}
	var heard time.Duration
	for _, s := range append(sounds, stretch{end, end}) {
		if s.from > heard {
			list = append(list, stretch{heard, s.from})
		}
		heard = max(heard, s.to)
	}
	return list, end
}

// checkSilence compares every silence of the timeline with the samples around its middle.
func checkSilence(t *testing.T, events []call.Event, r wav.Recording) {
	t.Helper()
	const tolerance = 20 * time.Millisecond
	at := func(i int) time.Duration { return time.Duration(i) * time.Second / Rate }
	quiet := func(i int) bool { return i >= 0 && i < len(r.Samples) && r.Samples[i] > -100 && r.Samples[i] < 100 }
	wanted, end := silences(events)
	if (r.Length() - end).Abs() > tolerance {
		t.Errorf("the file takes %v, the call %v", r.Length(), end)
	}
	if len(wanted) < 3 {
		t.Errorf("only %d silences", len(wanted))
	}
	for _, want := range wanted {
		if want.to-want.from < 2*tolerance {
			continue
		}
		from := position((want.from + want.to) / 2)
		to := from
		for quiet(from - 1) {
			from--
		}
		for quiet(to) {
			to++
		}
		if (at(from)-want.from).Abs() > tolerance || (at(to)-want.to).Abs() > tolerance {
			t.Errorf("silence from %v to %v; in the file from %v to %v", want.from, want.to, at(from), at(to))
		}
	}
}

// TestSoundIsTheTimeline: texts take as long as they are spoken, and silence in the file is silence in the timeline.
func TestSoundIsTheTimeline(t *testing.T) {
	events, recording := played(t, "../../examples/chain", fake(t))
	checkSilence(t, events, recording)
	for _, e := range events {
		if want := time.Duration(len(e.Text)) * 50 * time.Millisecond; e.Type == call.TypeSays &&
			(e.Took-want).Abs() > 5*time.Millisecond {
			t.Errorf("%q takes %v, want %v", e.Text, e.Took, want)
		}
	}
}

// TestSoundOfEveryProgram does the same with the programs that are installed, in every example that is spoken.
func TestSoundOfEveryProgram(t *testing.T) {
	testrun.Heavy(t)
	heard := 0
	for _, name := range Programs() {
		p, ok := Find(func(asked string) (string, error) {
			if asked != name {
				return "", errors.New("another program's turn")
			}
			return exec.LookPath(asked)
		})
		if !ok {
			t.Logf("SKIPPED: %s is not installed", name)
			continue
		}
		heard++
		for _, example := range []string{"balance", "chain", "menu"} {
			events, recording := played(t, "../../examples/"+example, p)
			checkSilence(t, events, recording)
			t.Logf("%s, %s: %v", name, example, recording.Length())
		}
	}
	if heard == 0 {
		testrun.Missing(t, "a program that speaks (flite, espeak-ng)")
	}
}

// TestTrack: what is cut ends, and a call that ends while something is said ends its sound.
func TestTrack(t *testing.T) {
	const ms = time.Millisecond
	loud := wav.Recording{Rate: Rate, Samples: slices.Repeat([]int16{9}, Rate)}
	track := NewTrack(NewVoice(t.Context(), Program{}), map[string]wav.Recording{"hold": loud})
	plays := call.Event{Type: call.TypePlays, At: 100 * ms}
	plays.Heard = append(plays.Heard, speech.Segment{Text: "hold", Duration: 500 * ms},
		speech.Segment{Duration: 100 * ms}, speech.Segment{Text: "unknown", Duration: 200 * ms})
	for _, e := range []call.Event{
		{Type: call.TypeConnected}, plays, {Type: call.TypeCut, At: 800 * ms},
		{Type: call.TypeNote, At: 900 * ms}, {Type: call.TypeEnded, At: 1000 * ms},
	} {
		track.Event(e)
	}
	got := track.Recording().Samples
	if len(got) != Rate {
		t.Fatalf("%d samples, want %d", len(got), Rate)
	}
	for from, want := range map[time.Duration]bool{0: false, 100: true, 600: false, 700: true, 800: false} {
		stretch := got[position(from*ms):position((from+100)*ms)]
		if loud := slices.ContainsFunc(stretch, func(s int16) bool { return s != 0 }); loud != want {
			t.Errorf("after %v ms something is heard: %v, want %v", int(from), loud, want)
		}
	}
}

func executable(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}
