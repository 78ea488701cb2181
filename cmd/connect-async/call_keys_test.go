package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/scenario"
)

// typist presses keys when something is printed: it is the keyboard and the screen of a terminal.
type typist struct {
	mu       sync.Mutex
	out      bytes.Buffer
	seen     int // how much of it was looked at
	turns    []turn
	keys     chan string
	raw      int // how often the keys were read one by one, and no longer
	restored int
}

// turn is what is pressed after a text.
type turn struct{ after, keys string }

func newTypist(turns ...turn) *typist { return &typist{turns: turns, keys: make(chan string, 100)} }

// Write implements io.Writer.
func (p *typist) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out.Write(text)
	for len(p.turns) > 0 {
		i := strings.Index(p.out.String()[p.seen:], p.turns[0].after)
		if i < 0 {
			break
		}
		p.seen += i + len(p.turns[0].after)
		p.keys <- p.turns[0].keys
		p.turns = p.turns[1:]
	}
	return len(text), nil
}

// Read implements io.Reader. An empty key is the end of the terminal.
func (p *typist) Read(into []byte) (int, error) {
	keys := <-p.keys
	if keys == "" {
		return 0, io.EOF
	}
	return copy(into, keys), nil
}

// terminal is the typist's.
func (p *typist) terminal() *terminal {
	t := plainTerminal(p, p)
	t.shown = true
	t.keys = &keyboard{in: p, raw: func() (func() error, error) {
		p.raw++
		return func() error { p.restored++; return nil }, nil
	}}
	return t
}

// play runs a verb, and checks that the terminal is what it was before.
func (p *typist) play(t *testing.T, args ...string) (code int, text string) {
	t.Helper()
	code = run(t.Context(), args, p.terminal())
	p.checkGivenBack(t)
	if len(p.turns) > 0 {
		t.Errorf("nothing said %q", p.turns[0].after)
	}
	return code, p.out.String()
}

func (p *typist) checkGivenBack(t *testing.T) {
	t.Helper()
	if p.raw != 1 || p.restored != 1 {
		t.Errorf("keys were read one by one %d times, and no longer %d times", p.raw, p.restored)
	}
}

// savedScenario reads a scenario that was saved, and plays it: it must pass.
func savedScenario(t *testing.T, file string) scenario.Scenario {
	t.Helper()
	s, found := scenario.Read(file)
	if found.HasErrors() {
		t.Fatal(found)
	}
	for _, r := range call.RunScenarios(t.Context(), []string{file}, call.Options{}) {
		if !r.Passed() {
			t.Errorf("%v %v", r.Findings, r.Failures)
		}
	}
	return s
}

// copyExamples copies examples into a folder of the test.
func copyExamples(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../examples")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestCallWithKeys asks the menu for the balance and hangs up, with time skipped. What was done is saved, and passes.
func TestCallWithKeys(t *testing.T) {
	dir := copyExamples(t)
	saved := filepath.Join(dir, "menu", "scenarios", "mine.yaml")
	p := newTypist(
		turn{"Your turn.", "\x1b[A1"}, // an arrow, which means nothing
		turn{"Your balance is 42.10 dollars.", "x"},
		turn{"Your turn.", "\r"}, // let the limit pass
		turn{"Your turn.", "h"},
	)
	code, text := p.play(t, "call", filepath.Join(dir, "menu"), "--keys", "--fast", "--save", saved)
	for _, want := range []string{
		"  Press 0 to 9, * and #. t: type what you say. h: hang up.", "caller      presses 1\r\n",
		"ended       by the caller\r\n", "\nWrote ", "\r\x1b[K",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if code != exitGood || strings.Contains(text, "does not pass") {
		t.Errorf("exit code %d", code)
	}
	s := savedScenario(t, saved)
	does := s.Callers[0].Does
	if len(does) != 2 || does[0].Press != "1" || !does[1].HangUp || s.Expect.Ending != "hung up" {
		t.Errorf("saved %+v", s)
	}
	if t.Failed() {
		t.Log(text)
	}
	again := newTypist()
	if code := run(t.Context(), []string{"call", filepath.Join(dir, "menu"), "--keys", "--fast", "--save", saved},
		again.terminal()); code != exitUsage || !strings.Contains(again.out.String(), "no scenario is replaced") {
		t.Errorf("exit code %d\n%s", code, again.out.String())
	}
}

// TestChatWithKeys types in a chat, corrects it, and leaves. The time is virtual and passes as the machine's does.
func TestChatWithKeys(t *testing.T) {
	dir := copyExamples(t)
	saved, given := filepath.Join(dir, "chat", "scenario-mine.yaml"), filepath.Join(dir, "chat", "virtual.yaml")
	text := "clock: virtual\ncaller: {channel: CHAT}\nfunctions: {book: {takes: 61s}}\n"
	if err := os.WriteFile(given, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newTypist(turn{"Danke.", "helo\x7f\x7fl€o 1\r\x04"})
	code, text := p.play(t, "call", filepath.Join(dir, "chat"), "--keys", "--scenario", given, "--save", saved)
	if code != exitGood || !strings.Contains(text, "says hel€o 1\r\n") {
		t.Errorf("exit code %d\n%s", code, text)
	}
	if does := savedScenario(t, saved).Callers[0].Does; len(does) != 2 || does[0].Say != "hel€o 1" {
		t.Errorf("saved %+v", does)
	}
}

// TestKeysAreGivenBack ends calls in every way, and checks that the terminal is what it was before.
func TestKeysAreGivenBack(t *testing.T) {
	args := []string{"call", "../../examples/menu", "--keys", "--fast"}
	for name, test := range map[string]struct {
		keys string
		code int
	}{
		"Ctrl-C": {"\x03", exitInterrupted}, "the terminal is gone": {"", exitGood}, "hung up": {"h", exitGood},
	} {
		p := newTypist(turn{"Your turn.", test.keys})
		if code, text := p.play(t, args...); code != test.code {
			t.Errorf("%s: exit code %d\n%s", name, code, text)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	p := newTypist()
	w := &interrupter{text: "Your turn.", cancel: cancel}
	terminal := p.terminal()
	terminal.out = w
	if code := run(ctx, args, terminal); code != exitInterrupted {
		t.Errorf("a signal: exit code %d", code)
	}
	broken := newTypist()
	terminal = broken.terminal()
	terminal.out = panics{}
	if code := run(t.Context(), args, terminal); code != exitFault {
		t.Errorf("a panic: exit code %d", code)
	}
	p.checkGivenBack(t)
	broken.checkGivenBack(t)
}

// panics is a writer with a fault.
type panics struct{}

func (panics) Write([]byte) (int, error) { panic("a fault") }

// TestKeysAreRefused asks for what cannot be played with keys.
func TestKeysAreRefused(t *testing.T) {
	const menu = "../../examples/menu"
	elsewhere := filepath.Join(t.TempDir(), "a.yaml")
	for want, args := range map[string][]string{
		"leave out --json and --log":        {"--keys", "--json"},
		"--keys, which is missing":          {"--save", "a.yaml"},
		"ends in .yaml or .yml":             {"--keys", "--save", filepath.Join(menu, "a.txt")},
		"there is no folder":                {"--keys", "--save", filepath.Join(menu, "none", "a.yaml")},
		"would not be played with":          {"--keys", "--save", elsewhere},
		"cannot be read one by one: no tty": {"--keys", "--fast"},
	} {
		p := newTypist()
		terminal := p.terminal()
		terminal.keys.raw = func() (func() error, error) { return nil, errors.New("no tty") }
		if code := run(t.Context(), append([]string{"call", menu}, args...), terminal); code != exitUsage ||
			!strings.Contains(p.out.String(), want) {
			t.Errorf("%v: exit code %d, %q is missing in\n%s", args, code, want, p.out.String())
		}
	}
	var out bytes.Buffer
	if code := run(t.Context(), []string{"call", menu, "--keys"}, plainTerminal(&out, &out)); code != exitUsage ||
		!strings.Contains(out.String(), "standard input is not one") {
		t.Errorf("without a terminal: exit code %d\n%s", code, out.String())
	}
}

func TestDecodeKeys(t *testing.T) {
	for text, want := range map[string]string{
		"12#": "12#", "\x1b[A1\x1bOP2\x1b[15~3": "123", "\x1b": "\x1b", "a\n\r": "a\r\r", "€\xffx": "€x", "\x1b[": "",
		"\x03\x7f": "\x03\x7f",
	} {
		if keys, rest := decodeKeys([]byte(text)); string(keys) != want || len(rest) > 0 {
			t.Errorf("%q is %q and %q", text, string(keys), rest)
		}
	}
	var got []rune
	var kept []byte
	for _, b := range []byte("a€b") { // one at a time
		keys, rest := decodeKeys(append(kept, b))
		got, kept = append(got, keys...), slices.Clone(rest)
	}
	if diff := cmp.Diff("a€b", string(got)); diff != "" {
		t.Error(diff)
	}
}
