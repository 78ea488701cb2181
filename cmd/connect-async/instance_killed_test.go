package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/instancetest"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestPullAndPushKilled kills both verbs at each of their changes of the disk, in quick runs at a few: every file is as
// it was or as it is to be, what is published is never replaced before it is kept, and the same command completes what
// was begun.
func TestPullAndPushKilled(t *testing.T) {
	step := testrun.Count(t, 4, 1)
	old := billing(devARN, "1")
	next := strings.Replace(old, `"play","Meta`, `"end","Meta`, 1)
	for verb, change := range map[string]func(s *instancetest.Server){
		"pull": func(s *instancetest.Server) {
			s.Flow("Billing").Published = next
			s.Add("Another", "CONTACT_FLOW", old)
		},
		"push": func(*instancetest.Server) {
			edit(t, "flows/billing.json", `"StartAction": "play"`, hangUpFirst)
		},
	} {
		args := []string{verb, "--stage", "dev", "--flow", "Billing", "--yes"}
		if verb == "pull" {
			args = args[:3]
		}
		var after map[string]string
		killed := 0
		for n := -1; ; n += step { // not killed at first
			s := pulled(t)
			change(s)
			before := contents(t, ".")
			code := runKilled(t, args, n)
			if n < 0 {
				after = contents(t, ".")
				n = -step
				continue
			}
			checkFiles(t, n, visible(contents(t, ".")), before, after)
			if text, isKept := keptFirst(t); s.Flow("Billing").Published != old && verb == "push" &&
				(!isKept || !strings.Contains(text, `StartAction\":\"play`)) {
				t.Errorf("killed at change %d, push has replaced what it has not kept", n)
			}
			if runKilled(t, args, -1) != exitGood {
				t.Fatalf("%s was killed at change %d and cannot be run again", verb, n)
			}
			if diff := cmp.Diff(after, contents(t, ".")); diff != "" {
				t.Fatalf("%s was killed at change %d; the next run leaves\n%s", verb, n, diff)
			}
			if code == exitGood {
				break
			}
			killed++
		}
		if killed < 5/step+1 {
			t.Errorf("%s was killed %d times", verb, killed)
		}
	}
}

// keptFirst is the first thing that pushes have kept of the flow of billing.
func keptFirst(t *testing.T) (text string, ok bool) {
	t.Helper()
	for name, text := range contents(t, ".") {
		if strings.HasSuffix(name, "/billing/0001.json") {
			return text, true
		}
	}
	return "", false
}
