package async

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// TextKind is one of the occasions on which a reply says something. docs/contract.md has the same table.
type TextKind struct {
	Name    string
	Meaning string
	Several bool // sentences that are said in turn; otherwise there is one
}

// TextKinds are all of them.
var TextKinds = []TextKind{
	{Name: TextFirst, Meaning: "the work has begun"},
	{Name: TextWaiting, Meaning: "it runs; sentences in turn", Several: true},
	{Name: TextLongWait, Meaning: "it has run for a minute; these take the turns of as many waiting sentences",
		Several: true},
	{Name: TextWayOut, Meaning: "every `count_offer` calls: a way out is offered"},
	{Name: TextDone, Meaning: "it succeeded, for flows that do not read out the result"},
	{Name: TextFailed, Meaning: "it failed"},
	{Name: TextUnreadable, Meaning: "it succeeded, and its result is larger than Connect takes"},
	{Name: TextTooLong, Meaning: "the flow gives up"},
	{Name: TextNoService, Meaning: "every other FAILURE: it cannot be started or seen"},
	{Name: TextStopped, Meaning: "a cancel was accepted"},
	{Name: TextNotStopped, Meaning: "a cancel was not confirmed"},
}

// Texts are what replies say in one language. The built-in ones take the place of what is missing.
type Texts struct {
	Language  string              // a tag such as de or de-CH
	Sentences map[string][]string // by the name of their kind
	Steps     map[string]string   // by the name of a step, of a job with progress
	Remaining []RemainingText     // from the least to the most, likewise
}

// RemainingText is what is said when the work takes at most so many seconds yet.
type RemainingText struct {
	Seconds int
	Text    string
}

// JobTexts are the texts of a job. A contact whose language is not among them hears the first.
type JobTexts struct {
	Job       string // AllJobs for those that have none of their own
	Languages []Texts
}

// AllJobs is the name under which texts belong to every job that has none of its own.
const AllJobs = "*"

// maxText is how long a text may be, in bytes. Those that decide how late an end is noticed should take 3 s.
const maxText = maxCause

// BuiltInLanguages are the languages that need no texts of their own.
func BuiltInLanguages() []string {
	var names []string
	for _, t := range builtIn {
		names = append(names, t.Language)
	}
	slices.Sort(names)
	return names
}

// BuiltInTexts are the texts of a language, without Sentences when there are none.
func BuiltInTexts(language string) Texts {
	for _, t := range builtIn {
		if t.Language == PrimaryLanguage(language) {
			return Texts{Language: language, Sentences: maps.Clone(t.Sentences), Remaining: t.Remaining}
		}
	}
	return Texts{Language: language}
}

// ChatTexts are the built-in texts of a language for a chat, in which nobody holds a line, calls, or is read to.
func ChatTexts(language string) Texts {
	t := BuiltInTexts(language)
	for kind, list := range t.Sentences {
		list = slices.Clone(list)
		for i, sentence := range list {
			list[i] = inChat.Replace(sentence)
		}
		t.Sentences[kind] = list
	}
	return t
}

// PrimaryLanguage is the language of a tag: de of de-CH.
func PrimaryLanguage(tag string) string {
	language, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(language)
}

// MarshalTexts writes texts as ReadTexts reads them. Languages keep their order.
func MarshalTexts(all []JobTexts) string {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, j := range all {
		writeKey(&b, i, j.Job)
		b.WriteByte('{')
		for k, t := range j.Languages {
			writeKey(&b, k, t.Language)
			t.write(&b)
		}
		b.WriteByte('}')
	}
	b.WriteByte('}')
	return b.String()
}

func writeKey(b *bytes.Buffer, index int, key string) {
	if index > 0 {
		b.WriteByte(',')
	}
	b.Write(quote(key))
	b.WriteByte(':')
}

// write writes the texts as an object, a kind that has several sentences as a list.
func (t Texts) write(b *bytes.Buffer) {
	b.WriteByte('{')
	n := 0
	for _, kind := range TextKinds {
		var list []string
		for _, sentence := range t.Sentences[kind.Name] {
			list = append(list, string(quote(sentence)))
		}
		if list == nil {
			continue
		}
		writeKey(b, n, kind.Name)
		n++
		if text := strings.Join(list, ","); kind.Several {
			b.WriteString("[" + text + "]")
		} else {
			b.WriteString(text)
		}
	}
	t.writeProgress(b, n)
	b.WriteByte('}')
}

// ReadTexts reads the texts of jobs: a JSON object of jobs, of languages, of kinds. What a language lacks must be
// built in.
func (c *Config) ReadTexts(text string) error {
	jobs, ok := members(json.RawMessage(text))
	if !ok {
		return errors.New(`is not a JSON object such as {"balance": {"en": {"first": "One moment."}}}`)
	}
	for _, job := range jobs {
		languages, ok := members(job.value)
		if !ok || len(languages) == 0 {
			return fmt.Errorf("job %q: is not a JSON object of languages", job.key)
		}
		texts := JobTexts{Job: job.key}
		for _, language := range languages {
			t, err := readLanguage(language)
			if err == nil {
				err = t.Check()
			}
			if err != nil {
				return fmt.Errorf("job %q: language %q: %w", job.key, language.key, err)
			}
			texts.Languages = append(texts.Languages, t)
		}
		c.Texts = append(c.Texts, texts)
	}
	return nil
}

func readLanguage(language member) (Texts, error) {
	t := Texts{Language: language.key, Sentences: map[string][]string{}}
	kinds, ok := members(language.value)
	if !ok {
		return t, errors.New("is not a JSON object of texts")
	}
	for _, kind := range kinds {
		if isProgress, err := t.readProgress(kind); isProgress {
			if err != nil {
				return t, err
			}
			continue
		}
		var one string
		var list []string
		if json.Unmarshal(kind.value, &one) == nil {
			list = []string{one}
		} else if json.Unmarshal(kind.value, &list) != nil {
			return t, fmt.Errorf("%s is neither a text nor a list of texts", kind.key)
		}
		t.Sentences[kind.key] = list
	}
	return t, nil
}

// Check says what is wrong with the texts: a kind that is not known, a text that cannot be spoken, or too few for a
// language without built-in ones.
func (t Texts) Check() error {
	if !consistsOf(t.Language, letters+digits+"-") {
		return errors.New("a language is a tag such as en or de-CH")
	}
	for _, name := range slices.Sorted(maps.Keys(t.Sentences)) {
		if err := checkKind(name, t.Sentences[name]); err != nil {
			return err
		}
	}
	if err := t.checkProgress(); err != nil {
		return err
	}
	full := t.completed()
	for _, kind := range TextKinds {
		if len(full.Sentences[kind.Name]) == 0 && kind.Name != TextLongWait {
			return fmt.Errorf("%s is missing; only %s have built-in texts", kind.Name,
				strings.Join(BuiltInLanguages(), ", "))
		}
	}
	if r := newRing(full); !r.longEnough() {
		return fmt.Errorf("the sentences of waiting take %.0f s, so that some would be heard twice within %.0f s; "+
			"add some", r.lasts().Seconds(), noRepeat.Seconds())
	}
	return nil
}

func checkKind(name string, list []string) error {
	i := slices.IndexFunc(TextKinds, func(k TextKind) bool { return k.Name == name })
	switch {
	case i < 0:
		names := append(kindNames(), TextSteps, TextRemaining)
		return fmt.Errorf("%q is not one of %s", name, strings.Join(names, ", "))
	case len(list) != 1 && !TextKinds[i].Several:
		return fmt.Errorf("%s is one text", name)
	}
	return checkSpoken(name, list)
}

// checkSpoken says what is wrong with the sentences of a kind.
func checkSpoken(name string, list []string) error {
	for k, text := range list {
		switch {
		case strings.TrimSpace(text) == "" || len(text) > maxText:
			return fmt.Errorf("a text of %s has no words, or more than %d bytes", name, maxText)
		case strings.ContainsAny(text, "<>") || strings.Contains(text, "$."):
			return fmt.Errorf("%q is spoken as it is: tags and references such as $.External do not work in it", text)
		case slices.Contains(list[:k], text):
			return fmt.Errorf("%s has %q twice", name, text)
		}
	}
	return nil
}

func kindNames() []string {
	var names []string
	for _, kind := range TextKinds {
		names = append(names, kind.Name)
	}
	return names
}

// completed returns the texts with the built-in ones of their language where they have none.
func (t Texts) completed() Texts { return t.completedFrom(BuiltInTexts(t.Language)) }

// completedFrom returns the texts with those of full where they have none. Waiting sentences that would come round too
// soon are followed by those of full.
func (t Texts) completedFrom(full Texts) Texts {
	more := full.Sentences[TextWaiting]
	if full.Sentences == nil {
		full.Sentences = map[string][]string{}
	}
	own := t.Sentences[TextWaiting]
	if len(own) > 0 && len(t.Sentences[TextLongWait]) == 0 {
		delete(full.Sentences, TextLongWait) // whoever writes the ones does not expect the others
	}
	maps.Copy(full.Sentences, t.Sentences)
	if full.Steps = t.Steps; len(t.Remaining) > 0 {
		full.Remaining = t.Remaining
	}
	full.Sentences[TextWaiting] = slices.Clone(full.Sentences[TextWaiting])
	for _, sentence := range more {
		if newRing(full).longEnough() {
			break
		}
		if !slices.Contains(own, sentence) {
			full.Sentences[TextWaiting] = append(full.Sentences[TextWaiting], sentence)
		}
	}
	return full
}
