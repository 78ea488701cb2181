package flow_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestRecordedFlowsPlay plays every recorded flow with random outcomes: no panic, no unknown action, hardly ever the
// guard, and over all plays every branch is taken that the table of action types says can be, and that can be reached.
func TestRecordedFlowsPlay(t *testing.T) {
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			p := newPlayground(readFlow(t, file))
			plays := p.playAll(t)
			if p.guarded*100 >= plays {
				t.Errorf("%d of %d plays ended by the guard", p.guarded, plays)
			}
			likely := 3 / float64(plays) // the highest probability that such silence leaves, with 95 % confidence
			if missing := p.missing(); len(missing) > 0 && plays >= 1000 {
				t.Errorf("never taken, so that each has a probability below %.4f: %s", likely, p.describe(missing))
			}
			if broken := p.broken(); len(broken) > 0 {
				t.Logf("never taken, for what Connect refuses of the flow itself: %s", p.describe(broken))
			}
		})
	}
}

// playAll plays SOAK times; without it, 100 times and then on until every branch was taken, at most 2,000 times.
func (p *playground) playAll(t *testing.T) int {
	least, most := 100, 2000
	if n := testrun.Soak(t, 0); n > 0 {
		least, most = n, n
	}
	for seed := range most {
		p.play(t, uint64(seed))
		if seed >= least && seed%50 == 0 && len(p.missing()) == 0 {
			return seed + 1
		}
	}
	return most
}

func readFlow(t testing.TB, file string) (*flow.Flow, source.Findings) {
	doc, err := source.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, found := compile(filepath.Base(file), doc)
	if f == nil {
		t.Fatal(found)
	}
	for _, finding := range found {
		if finding.Code == "action-type" {
			t.Error(finding)
		}
	}
	return f, found
}

// TestRecordedLegacyFlowsAreRefused checks that the older export format gives one finding, which says how to convert
// it.
func TestRecordedLegacyFlowsAreRefused(t *testing.T) {
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "legacy/*.json") {
		doc, err := source.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, found := compile(file, doc)
		if f != nil || len(found) != 1 || found[0].Code != flowlang.CodeLegacy ||
			!strings.Contains(found[0].Remedy, "describe-contact-flow") || found[0].Line == 0 {
			t.Errorf("%s: %v", filepath.Base(file), found)
		}
	}
}
