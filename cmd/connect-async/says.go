package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scaffold"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
)

// checkSays takes over what flags say about a new flow, and reports the first that is wrong.
func checkSays(n *scaffold.Project, parameters, texts []string) error {
	for _, err := range []error{
		checkFlag("--name", n.Name, checkName), checkFlag("--as", n.As, checkAs),
		checkFlag("--language", n.Language, checkLanguage), checkFlag("--say", n.Say, checkText),
		checkFlag("--then", n.Then, checkNext), checkFlag("--on-failure", n.OnFailure, checkNext),
		checkFlag("--on-giving-up", n.OnGivingUp, checkNext),
	} {
		if err != nil {
			return err
		}
	}
	if err := setParameters(n, parameters); err != nil {
		return usage("--parameter: %v", err)
	}
	if err := setTexts(n, texts); err != nil {
		return usage("--text: %v", err)
	}
	if err := checkTexts(n, n.Language); err != nil {
		return usage("--language, --text: %v.", err)
	}
	return nil
}

// checkTexts says what is wrong with the texts of the job in a language, or missing.
func checkTexts(n *scaffold.Project, language string) error {
	return async.Texts{Language: cmp.Or(language, style.DefaultLanguage), Sentences: n.Texts}.Check()
}

// checkFlag checks the value of a flag that is given.
func checkFlag(flag, value string, check func(string) error) error {
	if value == "" {
		return nil
	}
	if err := check(value); err != nil {
		return usage("%s: %v", flag, err)
	}
	return nil
}

// checkName says what is wrong with the name of a project.
func checkName(name string) error {
	if !project.ValidName(name) {
		return fmt.Errorf("%q is not a valid project name. %s", name, project.NameForm)
	}
	return nil
}

func checkAs(as string) error {
	if as != scaffold.AsFlow && as != scaffold.AsModule {
		return fmt.Errorf("unknown value %q (supported: flow, module).", as)
	}
	return nil
}

func checkStyle(name string) error {
	if !slices.Contains(project.Styles(), name) {
		return fmt.Errorf("unknown style %q. Choose one of %s.", name, strings.Join(project.Styles(), ", "))
	}
	return nil
}

func checkLanguage(tag string) error {
	if !project.IsLanguage(tag) {
		return fmt.Errorf("%q is not a language. Write a tag such as en, en-GB or de-DE.", tag)
	}
	return nil
}

// checkText says what is wrong with a text that is spoken.
func checkText(text string) error { return faultError(project.FaultyText(text)) }

// plainError is an error as a sentence and its remedy, without the place.
func plainError(err error) error {
	if f, ok := errors.AsType[source.Finding](err); ok {
		return fmt.Errorf("%s. %s", f.Message, f.Remedy)
	}
	return err
}

func faultError(fault *project.Fault) error {
	if fault == nil {
		return nil
	}
	return fmt.Errorf("%s. %s", fault.Message, fault.Remedy)
}

// noneWord answers that there is nothing to pass or play.
const noneWord = "none"

// setParameters takes over what the function gets: NAME=VALUE, or none.
func setParameters(n *scaffold.Project, pairs []string) error {
	if len(pairs) == 0 {
		return nil
	}
	values := map[string]string{}
	for _, pair := range pairs {
		if pair == noneWord && len(pairs) == 1 {
			break
		}
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return fmt.Errorf("%q is not NAME=VALUE, such as 'order=$.Attributes.order'", pair)
		}
		if err := faultError(project.FaultyParameter(name, value, n.As == scaffold.AsModule)); err != nil {
			return err
		}
		values[name] = value
	}
	n.Parameters = values
	return nil
}

// setTexts takes over what the caller hears: KIND=TEXT.
func setTexts(n *scaffold.Project, pairs []string) error {
	var kinds []string
	for _, kind := range async.TextKinds {
		kinds = append(kinds, kind.Name)
	}
	for _, pair := range pairs {
		kind, text, ok := strings.Cut(pair, "=")
		if !ok || !slices.Contains(kinds, kind) {
			return fmt.Errorf("%q is not KIND=TEXT, such as 'first=One moment.' (kinds: %s)", pair,
				strings.Join(kinds, ", "))
		}
		if n.Texts == nil {
			n.Texts = map[string][]string{}
		}
		n.Texts[kind] = append(n.Texts[kind], text)
	}
	return nil
}
