package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scaffold"
	"github.com/connect-async/connect-async/internal/style"
)

// interrupted is the failure of a verb that was interrupted before it wrote anything.
var interrupted = failure{code: exitInterrupted, text: "\nInterrupted: nothing was written."}

// interview asks questions and reads the answers, one a line.
type interview struct {
	ctx   context.Context
	out   io.Writer
	lines <-chan string // closed at the end of the input
	ended bool
}

// newInterview reads answers as they are typed. The reader may be left waiting for one when the program ends.
func newInterview(ctx context.Context, t *terminal) *interview {
	lines := make(chan string)
	go func() {
		defer close(lines)
		in := bufio.NewScanner(t.in)
		for in.Scan() {
			select {
			case lines <- in.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return &interview{ctx: ctx, out: t.err, lines: lines}
}

// ask asks until the answer is accepted. An empty answer takes the default, and so does the end of the input, unless an
// answer was refused before it.
func (v *interview) ask(question, otherwise string, accept func(answer string) error) error {
	for refused := false; ; refused = true {
		fmt.Fprintf(v.out, "%s [%s]: ", question, cmp.Or(otherwise, noneWord))
		answer, err := v.line()
		if err != nil {
			return err
		}
		if v.ended && refused {
			return failure{code: exitUsage, text: "\nNothing was written: the input ended before this was answered."}
		}
		if err = accept(cmp.Or(answer, otherwise)); err == nil {
			return nil
		}
		if v.ctx.Err() != nil {
			return interrupted
		}
		fmt.Fprintln(v.out, "  "+strings.ReplaceAll(err.Error(), "\n", "\n  "))
	}
}

// line reads one answer, "" after the end of the input.
func (v *interview) line() (string, error) {
	if v.ctx.Err() != nil {
		return "", interrupted
	}
	select {
	case line, ok := <-v.lines:
		v.ended = v.ended || !ok
		return strings.TrimSpace(line), nil
	case <-v.ctx.Done():
		return "", interrupted
	}
}

// ask asks for what the flags leave open.
func (o *initOptions) ask(ctx context.Context, t *terminal) error {
	v := newInterview(ctx, t)
	p := &o.project
	f, err := o.askFunction(v)
	if err != nil {
		return err
	}
	p.Name = cmp.Or(p.Name, scaffold.NameOf(p.Dir))
	for _, q := range []question{
		{text: "Name of the project", answer: &p.Name, check: checkName},
		{text: "Style of waiting: " + strings.Join(project.Styles(), ", "), answer: &p.Style, check: checkStyle},
		{text: "Language of the texts, such as en, en-GB, de or es", answer: &p.Language, check: o.checkSpoken},
		{text: "Write a flow or a module", answer: &p.As, check: checkAs},
	} {
		if err := q.ask(v); err != nil {
			return err
		}
	}
	if *p, err = p.WithDefaults(f); err != nil {
		return reportError(t, p.Event, err)
	}
	for _, ask := range []func(*interview) error{o.askResult, o.askParameters, o.askMore} {
		if err := ask(v); err != nil {
			return err
		}
	}
	fmt.Fprintln(t.err)
	return nil
}

// question is a question whose answer is checked.
type question struct {
	text   string
	answer *string // the default before
	check  func(string) error
}

func (q question) ask(v *interview) error {
	return v.ask(q.text, *q.answer, func(answer string) error {
		if answer == noneWord {
			answer = ""
		}
		if answer != "" {
			if err := q.check(answer); err != nil {
				return err
			}
		}
		*q.answer = answer
		return nil
	})
}

// askFunction asks for the function until it is recognised, and for its handler where the code does not show it.
func (o *initOptions) askFunction(v *interview) (f scaffold.Function, err error) {
	p := &o.project
	inspect := func() (err error) {
		f, err = p.Inspect(p.Dir)
		return plainError(err)
	}
	const text = "Function: its ARN, or the folder, file or ZIP archive of its code"
	err = v.ask(text, p.Function, func(answer string) error {
		if answer == "" {
			return errors.New("no function to wrap.\n" +
				"Give the ARN of a Lambda function, or the folder, file or ZIP archive of its code")
		}
		p.Function = answer
		unknown := inspect()
		if _, err := os.Stat(answer); unknown == nil || err != nil || v.ended {
			return unknown
		}
		fmt.Fprintln(v.out, "  "+unknown.Error())
		return v.ask("Handler, such as app.main", p.Handler, func(answer string) error {
			if p.Handler = answer; answer == "" {
				return errors.New("name the file and its function, or interrupt to choose another folder")
			}
			return inspect()
		})
	})
	return f, err
}

// askResult asks what is said with the result.
func (o *initOptions) askResult(v *interview) error {
	return question{text: "What the caller hears with the result, such as 'Your balance is $.External.balance.'",
		answer: &o.project.Say, check: checkText}.ask(v)
}

// askParameters asks what the function gets.
func (o *initOptions) askParameters(v *interview) error {
	p := &o.project
	var pairs []string
	for name, value := range p.Parameters {
		pairs = append(pairs, name+"="+value)
	}
	slices.Sort(pairs)
	const text = "What the function gets, such as order=$.Attributes.order, separated by spaces"
	return v.ask(text, strings.Join(pairs, " "), func(answer string) error {
		pairs := strings.Fields(answer)
		if len(pairs) == 0 {
			pairs = []string{noneWord}
		}
		return setParameters(p, pairs)
	})
}

// askMore asks for what most leave as it is.
func (o *initOptions) askMore(v *interview) error {
	p := &o.project
	more := p.Style == string(style.Queue)
	if !more {
		const text = "More: the texts while waiting, voice, recording, and what follows? yes or no"
		err := v.ask(text, "no", func(answer string) error {
			more = strings.HasPrefix(strings.ToLower(answer), "y")
			return nil
		})
		if err != nil || !more {
			return err
		}
	}
	for _, kind := range []string{async.TextFirst, async.TextWaiting, async.TextFailed, async.TextTooLong} {
		if err := o.askText(v, kind); err != nil {
			return err
		}
	}
	const follows = " (hang_up, queue=NAME or flow=NAME)"
	questions := []question{{text: "Voice, such as Amy", answer: &p.Voice, check: checkAny},
		{text: "Name, id or ARN of a recording to play between sentences", answer: &p.Prompt, check: checkAny}}
	if p.As == scaffold.AsFlow && p.Style != string(style.Queue) {
		questions = append(questions, question{text: "After the result" + follows, answer: &p.Then, check: checkNext},
			question{text: "After a failure" + follows, answer: &p.OnFailure, check: checkNext},
			question{text: "After giving up" + follows, answer: &p.OnGivingUp, check: checkNext})
	}
	for _, q := range questions {
		if err := q.ask(v); err != nil {
			return err
		}
	}
	return nil
}

// checkSpoken says what is wrong with a language, or which texts it needs.
func (o *initOptions) checkSpoken(tag string) error {
	if err := checkLanguage(tag); err != nil {
		return err
	}
	return checkTexts(&o.project, tag)
}

func checkAny(string) error { return nil }

func checkNext(next string) error { return plainError(scaffold.CheckNext(next)) }

// askText asks for a text of the job. The built-in one is left out of the project file.
func (o *initOptions) askText(v *interview, kind string) error {
	i := slices.IndexFunc(async.TextKinds, func(k async.TextKind) bool { return k.Name == kind })
	language := cmp.Or(o.project.Language, style.DefaultLanguage)
	builtIn := ""
	if list := async.BuiltInTexts(language).Sentences[kind]; len(list) > 0 {
		builtIn = list[0]
	}
	return v.ask("When "+async.TextKinds[i].Meaning, builtIn, func(answer string) error {
		if answer == builtIn {
			return nil
		}
		t := async.Texts{Language: language, Sentences: map[string][]string{kind: {answer}}}
		if err := t.Check(); err != nil {
			return err
		}
		return setTexts(&o.project, []string{kind + "=" + answer})
	})
}
