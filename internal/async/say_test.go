package async

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// builtInText is a built-in text of a language.
func builtInText(language, kind string) string { return BuiltInTexts(language).Sentences[kind][0] }

// TestSayOnEachOccasion looks at what the replies of a call say.
func TestSayOnEachOccasion(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, map[string]string{"TEXTS": `{"*": {"en": {
		"first": "One.", "way_out": "Press 1.", "long_wait": [], "waiting": ["Own."]}}}`})
	says := func(reply map[string]string, want string) {
		t.Helper()
		if reply["sfn_say"] != want {
			t.Errorf("%v is said, want %q", reply["sfn_say"], want)
		}
	}
	w.takes = time.Hour
	play(t, w, func() {
		started := f.call(parametersOf{"a": "1"})
		says(started, "One.")
		id := started["execution_id"]
		waiting := append(slices.Clone(BuiltInTexts("en").Sentences[TextWaiting]), "Own.")
		for _, count := range []string{"8", "9"} {
			reply := f.call(parametersOf{"execution_id": id, "count": count, "count_max": "99"})
			if !slices.Contains(waiting, reply["sfn_say"]) {
				t.Errorf("after %s calls %q is said", count, reply["sfn_say"])
			}
		}
		says(f.call(parametersOf{"execution_id": id, "count": "9", "count_max": "99", "count_offer": "5"}),
			"Press 1.")
		says(f.call(parametersOf{"execution_id": id, "count": "9"}), builtInText("en", TextTooLong))
		says(f.call(parametersOf{"execution_id": "x"}), builtInText("en", TextNoService))
		says(f.call(parametersOf{"execution_id": id, "action": "cancel"}), builtInText("en", TextStopped))
		says(f.call(parametersOf{"execution_id": id, "action": "cancel"}), builtInText("en", TextStopped))
		says(f.call(parametersOf{"execution_id": id}), builtInText("en", TextFailed))

		w.takes = 0
		says(f.call(parametersOf{"execution_id": f.call(parametersOf{"a": "2"})["execution_id"]}),
			builtInText("en", TextDone))
		w.outcome.Output = `"` + strings.Repeat("x", maxReply) + `"`
		says(f.call(parametersOf{"execution_id": f.call(parametersOf{"a": "3"})["execution_id"]}),
			builtInText("en", TextUnreadable))
	})
}

// TestLargeResultOfARunIsDone leaves no room for our additions but for what the flow goes by.
func TestLargeResultOfARunIsDone(t *testing.T) {
	w := newWorld()
	w.takes, w.outcome.Output = 0, `{"text":"`+strings.Repeat("x", 32_350)+`"}`
	f := newFlow(t, w, nil)
	play(t, w, func() {
		f.call(parametersOf{"action": "run"})
		reply := f.call(parametersOf{"action": "run", "count": "1"})
		_, said := reply["sfn_say"]
		if said || reply["sfn_next"] != TextDone || reply["sfn_again"] == "" {
			t.Errorf("the keys are %v", reply)
		}
	})
}

// TestCancelEndsTheRound: asking again after a cancel begins a new round, also when the cancel is repeated.
func TestCancelEndsTheRound(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		w.takes = time.Hour
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			first := f.call(parametersOf{"action": "run"})
			cancelled := f.call(parametersOf{"action": "cancel", "again": first["sfn_again"]})
			expect(t, cancelled, "status=RUNNING sfn_status=CANCEL_REQUESTED count=DONE sfn_next=stopped")
			repeated := f.call(parametersOf{"action": "cancel", "again": first["sfn_again"]})
			expect(t, repeated, "status=FINISHED sfn_status=ABORTED count=DONE sfn_again="+cancelled["sfn_again"])
			next := f.call(parametersOf{"action": "run", "count": "DONE", "again": cancelled["sfn_again"]})
			expect(t, next, "status=RUNNING sfn_status=RUNNING count=1")
			if next["execution_id"] == first["execution_id"] {
				t.Error("the cancelled execution answers the next question")
			}
			named := f.call(parametersOf{"action": "cancel", "execution_id": next["execution_id"]})
			expect(t, named, "sfn_status=CANCEL_REQUESTED count=1")
		})
	})
}

// TestSayNotStopped checks what is said when a cancel gets no answer.
func TestSayNotStopped(t *testing.T) {
	r := (&invocation{action: ActionCancel}).cancelled(&ServiceError{})
	if got := (&invocation{action: ActionCancel}).kindOfText(r, Texts{}, epoch); got != TextNotStopped {
		t.Errorf("got %s", got)
	}
}

// TestFirstIsSaidOnce repeats a start: once the first sentence may have been heard, another one is said.
func TestFirstIsSaidOnce(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	first := builtInText("en", TextFirst)
	play(t, w, func() {
		for _, c := range []struct {
			after time.Duration
			want  bool
		}{{0, true}, {time.Second, true}, {time.Second, false}, {2 * time.Second, false}} {
			w.clock.Sleep(t.Context(), c.after)
			// The count makes it another input, so that Step Functions says that it exists.
			reply := f.call(parametersOf{"count": fmt.Sprint(w.calls["Start"]), "request": "r"})
			if got := reply["sfn_say"] == first; got != c.want {
				t.Errorf("after another %v: %v", c.after, reply["sfn_say"])
			}
		}
	})
}

// TestNoSentenceTwiceWithin30s plays callers who hear a sentence at each check, with clips and pauses of random length
// between them, in each language, with texts of their own, and from one execution to the next.
func TestNoSentenceTwiceWithin30s(t *testing.T) {
	long := strings.Repeat("a sentence of its own, that is long, ", 20)
	configs := []Config{{}, {Texts: []JobTexts{{Job: AllJobs, Languages: []Texts{
		{Language: "en", Sentences: map[string][]string{TextWaiting: {"Short.", "Shorter.", long, long + "."},
			TextLongWait: {"It takes long today."}}},
	}}}}}
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 7))
		w := newWorld()
		f := New(configs[seed%2], w, nil, w.clock)
		language := []string{"en-US", "de-DE", "es-MX"}[seed%3]
		in := &invocation{action: ActionCheck, count: 1, event: event{contact: object{
			"ContactId": quote(fmt.Sprint(seed)), "LanguageCode": quote(language)}}}
		play(t, w, func() {
			_ = w.clock.Sleep(t.Context(), time.Duration(random.Int64N(int64(100*time.Hour))))
			in.seen.Started = w.clock.Now()
			heard := map[string]time.Time{}
			for range 60 {
				r := in.running(nil)
				f.say(t.Context(), in, r)
				now := w.clock.Now()
				if last, ok := heard[r.say]; ok && now.Sub(last) < 30*time.Second {
					t.Fatalf("seed %d: %q comes again after %v", seed, r.say, now.Sub(last))
				}
				heard[r.say] = now
				pause := time.Duration(0)
				if random.IntN(3) == 0 {
					pause = time.Duration(random.Int64N(int64(5 * time.Second)))
				}
				if random.IntN(20) == 0 {
					in.seen.Started = now // of the next question
				}
				_ = w.clock.Sleep(t.Context(), leastTime(r.say)+pause)
			}
		})
	}
}

// TestLongWait hears all sentences of a ring once before and once after a minute: the ones for a long wait take the
// turns of the first ones.
func TestLongWait(t *testing.T) {
	texts := BuiltInTexts("en")
	all, long := texts.Sentences[TextWaiting], texts.Sentences[TextLongWait]
	w := newWorld()
	f := New(Config{}, w, nil, w.clock)
	in := &invocation{action: ActionCheck, count: 1}
	hear := func(took time.Duration) (heard []string, next string) {
		for at := time.Duration(0); at < newRing(texts).lasts(); at += perSentence {
			in.seen.Started = w.clock.Now().Add(-took)
			r := in.running(nil)
			f.say(t.Context(), in, r)
			if next = r.next; !slices.Contains(heard, r.say) {
				heard = append(heard, r.say)
			}
			_ = w.clock.Sleep(t.Context(), perSentence)
		}
		slices.Sort(heard)
		return heard, next
	}
	play(t, w, func() {
		want := slices.Sorted(slices.Values(all))
		if heard, next := hear(longWait - time.Millisecond); next != TextWaiting || !slices.Equal(heard, want) {
			t.Errorf("%s: %q", next, heard)
		}
		want = slices.Sorted(slices.Values(slices.Concat(long, all[len(long):])))
		if heard, next := hear(longWait); next != TextLongWait || !slices.Equal(heard, want) {
			t.Errorf("%s: %q", next, heard)
		}
	})
}

// TestLanguages finds the texts for what a contact speaks.
func TestLanguages(t *testing.T) {
	c := Config{}
	err := c.ReadTexts(`{"a": {"de": {"first": "Eins."}, "de-CH": {"first": "Eis."}},
		"*": {"en": {"first": "One."}, "es": {"first": "Uno."}}}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ job, language, want string }{
		{"a", "de-CH", "Eis."}, {"a", "de-AT", "Eins."}, {"a", "en-US", "Eins."}, {"a", "", "Eins."},
		{"b", "de-DE", "One."}, {"b", "en-GB", "One."}, {"b", "es-MX", "Uno."},
	} {
		if got := c.textsOf(test.job, test.language, BuiltInTexts).Sentences[TextFirst][0]; got != test.want {
			t.Errorf("%s %s: %q", test.job, test.language, got)
		}
	}
	none := Config{}
	for language, want := range map[string]string{"es-MX": "es", "de-DE": "de", "fr-FR": "en", "": "en"} {
		got := none.textsOf("a", language, BuiltInTexts).Sentences[TextFirst][0]
		if got != builtInText(want, TextFirst) {
			t.Errorf("%s: %q", language, got)
		}
	}
}

// TestContactHearsItsLanguage: ContactData says which it is.
func TestContactHearsItsLanguage(t *testing.T) {
	for language, want := range map[string]string{"de-DE": "de", "en-US": "en", "": "en"} {
		f := newFlow(t, newWorld(), nil)
		f.contact["LanguageCode"] = language
		play(t, f.world, func() {
			if got := f.call(parametersOf{})["sfn_say"]; got != builtInText(want, TextFirst) {
				t.Errorf("%q: %q", language, got)
			}
		})
	}
}

// TestChatsAreToldWhatChatsDo: a chat hears nothing of lines, calls and reading out, unless a job has it so.
func TestChatsAreToldWhatChatsDo(t *testing.T) {
	ofCalls := regexp.MustCompile(`(?i)\bline\b|\bcall\b|read out|Apparat|ruf|hören|vorlesen|cuelgue|llamar|leer`)
	for _, language := range BuiltInLanguages() {
		spoken, chat := BuiltInTexts(language), ChatTexts(language)
		for kind, list := range chat.Sentences {
			for i, sentence := range list {
				if ofCalls.MatchString(sentence) {
					t.Errorf("%s, %s: %q", language, kind, sentence)
				}
				if before := spoken.Sentences[kind][i]; ofCalls.MatchString(before) == (sentence == before) {
					t.Errorf("%s, %s: %q is %q", language, kind, before, sentence)
				}
			}
		}
		if err := chat.Check(); err != nil {
			t.Errorf("%s: %v", language, err)
		}
	}
	for channel, want := range map[string]string{"CHAT": ChatTexts("en").Sentences[TextNotStopped][0],
		"VOICE": builtInText("en", TextNotStopped), "": builtInText("en", TextNotStopped)} {
		f := newFlow(t, newWorld(), nil)
		f.contact["Channel"] = channel
		f.world.before = func(_ context.Context, op string) error {
			if op == "Stop" {
				return errors.New("refused")
			}
			return nil
		}
		play(t, f.world, func() {
			f.call(parametersOf{"request": "1", "action": "run"})
			if got := f.call(parametersOf{"request": "1", "action": "cancel"})["sfn_say"]; got != want {
				t.Errorf("%q: %q, want %q", channel, got, want)
			}
		})
	}
}

// TestTextsAreWrittenAsTheyAreRead writes texts and reads them again.
func TestTextsAreWrittenAsTheyAreRead(t *testing.T) {
	const text = `{"b":{"fr-CA":{},"en":{"first":"\"One\" <","waiting":["A.","B."]}},"a":{"de":{"done":"Fertig."}}}`
	var jobs []JobTexts
	for _, job := range mustMembers(t, json.RawMessage(text)) {
		j := JobTexts{Job: job.key}
		for _, language := range mustMembers(t, job.value) {
			read, err := readLanguage(language)
			if err != nil {
				t.Fatal(err)
			}
			j.Languages = append(j.Languages, read)
		}
		jobs = append(jobs, j)
	}
	if got := MarshalTexts(jobs); got != text {
		t.Errorf("got  %s\nwant %s", got, text)
	}
}

func mustMembers(t *testing.T, raw json.RawMessage) []member {
	t.Helper()
	found, ok := members(raw)
	if !ok {
		t.Fatalf("%s is not an object", raw)
	}
	return found
}

func TestBadTexts(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                                         "is not a JSON object",
		`{"a": {}}`:                                  `job "a": is not`,
		`{"a": {"en": []}}`:                          `language "en": is not`,
		`{"a": {"en": {"first": 7}}}`:                "neither a text nor a list",
		`{"a": {"en": {"first": ["a", "b"]}}}`:       "first is one text",
		`{"a": {"en": {"second": "a"}}}`:             `"second" is not one of first, waiting`,
		`{"a": {"en": {"first": " "}}}`:              "has no words",
		`{"a": {"en": {"first": "<b>a</b>"}}}`:       "spoken as it is",
		`{"a": {"en": {"done": "$.External.a"}}}`:    "spoken as it is",
		`{"a": {"en": {"waiting": ["a.", "a."]}}}`:   "twice",
		`{"a": {"e n": {}}}`:                         "a language is a tag",
		`{"a": {"fr": {"first": "Un."}}}`:            "waiting is missing; only de, en, es",
		`{"a": {"fr": ` + french("Un.") + `}}`:       "take 0 s",
		`{"a": {"en": {"first": "` + long() + `"}}}`: "more than 1024 bytes",
	} {
		c := Config{}
		if err := c.ReadTexts(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// TestLongestText is as long as a text may be.
func TestLongestText(t *testing.T) {
	if err := new(Config).ReadTexts(`{"a": {"en": {"first": "` + long()[1:] + `"}}}`); err != nil {
		t.Error(err)
	}
}

// TestOwnWaitingSentencesAreAlone: whoever writes the waiting ones does not expect the built-in ones for a long wait.
func TestOwnWaitingSentencesAreAlone(t *testing.T) {
	own := []string{"Own."}
	for _, c := range []struct{ waiting, longWait, want []string }{
		{nil, nil, BuiltInTexts("en").Sentences[TextLongWait]},
		{nil, own, own},
		{own, nil, nil},
		{own, own, own},
	} {
		texts := Texts{Language: "en", Sentences: map[string][]string{}}
		if c.waiting != nil {
			texts.Sentences[TextWaiting] = c.waiting
		}
		if c.longWait != nil {
			texts.Sentences[TextLongWait] = c.longWait
		}
		if got := texts.completed().Sentences[TextLongWait]; !slices.Equal(got, c.want) {
			t.Errorf("%v: the sentences for a long wait are %q", c, got)
		}
	}
}

func long() string { return strings.Repeat("x", maxText+1) }

// french are texts of a language that has none built in.
func french(waiting ...string) string {
	t := Texts{Language: "fr", Sentences: map[string][]string{}}
	for _, kind := range TextKinds {
		t.Sentences[kind.Name] = []string{"Bien."}
	}
	t.Sentences[TextWaiting] = waiting
	_, text, _ := strings.Cut(MarshalTexts([]JobTexts{{Job: "a", Languages: []Texts{t}}}), `"fr":`)
	return strings.TrimSuffix(text, "}}")
}

func TestBuiltInTextsAreComplete(t *testing.T) {
	for _, language := range BuiltInLanguages() {
		texts := BuiltInTexts(language)
		if err := texts.Check(); err != nil {
			t.Errorf("%s: %v", language, err)
		}
		for _, kind := range TextKinds {
			if len(texts.Sentences[kind.Name]) == 0 {
				t.Errorf("%s has no text for %s", language, kind.Name)
			}
		}
	}
}

// TestContractTexts checks the table of texts and the name that is not read yet.
func TestContractTexts(t *testing.T) {
	var known [][]string
	for _, kind := range TextKinds {
		known = append(known, []string{"`" + kind.Name + "`", kind.Meaning})
	}
	if documented := contractTables(t)["text"]; !slices.EqualFunc(documented, known, slices.Equal[[]string]) {
		t.Errorf("docs/contract.md has\n%q\nthe code has\n%q", documented, known)
	}
	text, err := os.ReadFile("../../docs/contract.md")
	if err != nil {
		t.Fatal(err)
	}
	if _, kept, _ := strings.Cut(string(text), "Not read yet"); !strings.Contains(kept, "`heard`") {
		t.Error("docs/contract.md does not keep heard")
	}
}
