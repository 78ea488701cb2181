package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/httptask"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/statesapi"
)

// stateStages are the stages of a state's data in their order, with what they are called for people.
var stateStages = []struct{ name, label string }{
	{"input", "input"}, {"afterInputPath", "after InputPath"}, {"afterParameters", "after Parameters"},
	{"afterArguments", "after Arguments"}, {"afterItemsPointer", "after ItemsPointer"},
	{"afterItemsPath", "after ItemsPath"}, {"afterItemSelector", "after ItemSelector"},
	{"afterItemBatcher", "after ItemBatcher"}, {"maxConcurrency", "MaxConcurrency"},
	{"toleratedFailureCount", "may fail"}, {"toleratedFailurePercentage", "may fail, percent"},
	{"result", "result"}, {"afterResultSelector", "after ResultSelector"}, {"afterResultPath", "after ResultPath"},
	{"variables", "variables"},
}

// print prints what came of a test.
func (o stateOptions) print(t *terminal, s asl.StateInfo, r local.StateTest, out local.StateOutcome) error {
	if o.format != formatText {
		enc := json.NewEncoder(t.data)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(statesapi.StateOutcome(out, strings.ToUpper(o.level)))
	}
	what := s.Type
	if s.Task.Resource != "" {
		what += " " + s.Task.Resource
	}
	if r.Mock != nil {
		what += ", mocked"
	}
	fmt.Fprintf(t.out, "%s  %s (%s)\n\n", stateStatuses[out.Status], s.Name, what)
	switch o.level {
	case levelInfo:
	case levelTrace:
		printStages(t, out.Inspection, out.HTTP)
	default:
		printStages(t, out.Inspection, httptask.Exchange{})
	}
	printOutcome(t, out.StateOutcome)
	return nil
}

// stateStatuses are the statuses of a test for people.
var stateStatuses = map[asl.TestStatus]string{
	asl.TestSucceeded: "SUCCEEDED", asl.TestFailed: "FAILED",
	asl.TestRetriable: "TRIED AGAIN", asl.TestCaught: "CAUGHT",
}

// printStages prints the data of each stage, and what an HTTP Task has sent and received before its result.
func printStages(t *terminal, inspection asl.Inspection, exchange httptask.Exchange) {
	before := ""
	for _, stage := range stateStages {
		if stage.name == "result" {
			printExchange(t, exchange)
		}
		v, ok := inspection[stage.name]
		if !ok {
			continue
		}
		text := inOneLine(fmt.Sprint(v))
		if text == before && stage.name != "result" {
			text = "the same"
		} else {
			before = text
		}
		printStage(t, stage.label, text)
	}
}

// printExchange prints the request and the response of an HTTP Task, if there are any.
func printExchange(t *terminal, exchange httptask.Exchange) {
	message := func(what, first string, headers []string, body string) {
		printStage(t, "HTTP "+what, strings.Join(append([]string{first}, headers...), "\n"))
		if body != "" {
			printStage(t, what+" body", inOneLine(body))
		}
	}
	if r := exchange.Request; r != nil {
		message("request", r.Method+" "+r.URL, r.Headers, r.Body)
	}
	if r := exchange.Response; r != nil {
		message("response", fmt.Sprintf("%d %s", r.StatusCode, r.StatusMessage), r.Headers, r.Body)
	} else if exchange.Request != nil {
		printStage(t, "HTTP response", "none")
	}
}

// inOneLine is JSON in one line.
func inOneLine(text string) string {
	var b bytes.Buffer
	if json.Compact(&b, []byte(text)) != nil {
		return text
	}
	return b.String()
}

func printOutcome(t *terminal, out asl.StateOutcome) {
	if out.Error != "" {
		printStage(t, "error", out.Error)
	}
	if out.Cause != "" {
		printStage(t, "cause", out.Cause)
	}
	var details struct {
		Catch   *int `json:"catchIndex"`
		Retry   *int `json:"retryIndex"`
		Seconds int  `json:"retryBackoffIntervalSeconds"`
	}
	if text, ok := out.Inspection["errorDetails"].(json.RawMessage); ok {
		_ = json.Unmarshal(text, &details) // is written by the engine
	}
	if details.Retry != nil {
		printStage(t, "tried again by", fmt.Sprintf("Retry[%d], after %d s", *details.Retry, details.Seconds))
	}
	if details.Catch != nil {
		printStage(t, "caught by", fmt.Sprintf("Catch[%d]", *details.Catch))
	}
	if out.Output != nil {
		printStage(t, "output", string(out.Output))
	}
	switch {
	case out.Next != "":
		printStage(t, "next state", out.Next)
	case out.Status == asl.TestSucceeded:
		printStage(t, "next state", "none: the state is the last one")
	}
}

// stageColumns is how wide the names of the stages are.
const stageColumns = 22

func printStage(t *terminal, label, text string) {
	indent := strings.Repeat(" ", stageColumns+2)
	fmt.Fprintf(t.out, "  %-*s%s\n", stageColumns, label, strings.ReplaceAll(text, "\n", "\n"+indent))
}
