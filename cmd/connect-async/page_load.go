package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/connect-async/connect-async/internal/load"
	"github.com/connect-async/connect-async/internal/page"
)

// load answers what the page asks about many callers, with what the command `load` says and draws.
func (o pageOptions) load(ctx context.Context, q page.LoadQuestion) (answer page.LoadAnswer, err error) {
	if err := checkQuestion(q); err != nil {
		return answer, err
	}
	folder, err := os.MkdirTemp("", "connect-async-page")
	if err != nil {
		return answer, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	command := loadOptions{dir: o.dir, arrivals: q.Arrivals, at: firstCall, patience: q.Patience, results: q.Results,
		capacity: q.Capacity, seed: 1, prices: o.prices, plot: filepath.Join(folder, "load.svg")}
	if q.Takes != "" {
		command.takes = []string{q.Takes}
	}
	var out, errs bytes.Buffer
	err = command.run(ctx, plainTerminal(&out, &errs), false)
	if f, failed := errors.AsType[failure](err); failed && f.code != exitFailed {
		text := strings.TrimPrefix(f.text, "connect-async: ")
		return answer, errors.New(strings.TrimSpace(text + "\n" + errs.String()))
	} else if err != nil && !failed {
		return answer, err
	}
	plot, err := os.ReadFile(command.plot)
	if err != nil {
		return answer, err
	}
	answer = page.LoadAnswer{Text: out.String(), Plot: plot,
		Shows: "Callers, throttled requests and waits over the day"}
	if q.Capacity {
		answer.Shows = "The wait for the result, and how late it is noticed, by the number of callers"
	}
	return answer, nil
}

// checkQuestion refuses names of files, which the command reads, and more callers than somebody waits for.
func checkQuestion(q page.LoadQuestion) error {
	arrivals, err := load.ParseArrivals(q.Arrivals)
	if err != nil {
		return err
	}
	if arrivals.Callers() > load.MostCallers {
		return fmt.Errorf("the page plays at most %d callers: use the command `connect-async load` for more",
			load.MostCallers)
	}
	for _, times := range []string{q.Takes, q.Patience} {
		if times == "" {
			continue
		}
		if _, err := load.ParseDistribution(times); err != nil {
			return err
		}
	}
	return nil
}
