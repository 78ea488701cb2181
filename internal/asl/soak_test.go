package asl

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
)

// TestRandomCourses plays machines whose tasks are answered at random times with random outcomes, and some never; the
// driver checks what must be true of each. SOAK is the number of courses, and their first seed is SOAK_SEED.
func TestRandomCourses(t *testing.T) {
	courses := testrun.Soak(t, 200)
	first, _ := strconv.ParseUint(os.Getenv("SOAK_SEED"), 10, 64)
	for seed := first; seed < first+uint64(courses); seed++ {
		random := rand.New(rand.NewPCG(seed, 0))
		definition := randomMachine(random)
		m := mustParse(t, definition)
		e, err := m.NewExecution(testOptions, json.RawMessage(`{"l":[1,2,3,4,5],"n":3}`))
		if err != nil {
			t.Fatal(err)
		}
		d := &driver{t: t, execution: e, invoke: randomAnswers(random)}
		if seed%4 == 0 {
			d.between = restored(t, m)
		}
		d.run(30 * day)
		for redrives := range 3 {
			if d.finish == nil {
				d.tell(Stopped{At: epoch.Add(time.Duration(redrives+1) * 31 * day)})
			}
			if redrives == 2 || d.finish == nil || d.finish.Status == Succeeded {
				break
			}
			if d.redrive(); d.execution.Status() == Running {
				d.resume(time.Duration(redrives+1)*31*day + 30*day)
			}
		}
		if d.finish == nil || t.Failed() {
			t.Fatalf("seed %d: %s", seed, definition)
		}
	}
}

// randomAnswers answers a task with success, an error, a heartbeat and success, or not at all.
func randomAnswers(random *rand.Rand) func(InvokeTask, time.Time) (answer, time.Duration) {
	return func(c InvokeTask, _ time.Time) (answer, time.Duration) {
		after := time.Duration(random.IntN(20)) * time.Second
		switch random.IntN(6) {
		case 0:
			return nil, 0
		case 1, 2:
			return func(at time.Time) Event {
				return TaskFailed{At: at, ID: c.ID, Error: "E" + strconv.Itoa(random.IntN(3))}
			}, after
		}
		return func(at time.Time) Event { return TaskSucceeded{At: at, ID: c.ID, Output: c.Payload} }, after
	}
}

// randomMachine writes a machine of nested Parallel and Map states around tasks, waits and failures.
func randomMachine(random *rand.Rand) string { return randomScope(random, 3, "") }

// randomScope writes a scope. No two states of the machine have the same name: place tells this scope from the others.
func randomScope(random *rand.Rand, depth int, place string) string {
	next := `"Next":"Z` + place + `"`
	handling := ""
	if random.IntN(2) == 0 {
		handling += `"Retry":[{"ErrorEquals":["E0","States.Timeout"],"MaxAttempts":` +
			strconv.Itoa(random.IntN(3)) + `,"JitterStrategy":"FULL"}],`
	}
	if random.IntN(2) == 0 {
		handling += `"Catch":[{"ErrorEquals":["E1","States.Timeout"],"ResultPath":"$.e",` + next + `}],`
	}
	kind := random.IntN(6)
	if depth == 0 {
		kind = random.IntN(4)
	}
	first := []string{
		`{"Type":"Task","Resource":"` + function("f") + `","TimeoutSeconds":` + strconv.Itoa(1+random.IntN(15)) +
			`,"ResultPath":"$.r",` + handling + next + `}`,
		`{"Type":"Task","Resource":"` + function("g") + `","TimeoutSeconds":30,"ResultPath":null,` + handling +
			next + `}`,
		`{"Type":"Wait","Seconds":` + strconv.Itoa(random.IntN(9)) + `,` + next + `}`,
		`{"Type":"Choice","Choices":[{"Variable":"$.n","IsPresent":true,` + next + `}],"Default":"Z` + place + `"}`,
		`{"Type":"Parallel","ResultPath":"$.p",` + handling + `"Branches":[`,
		`{"Type":"Map","ItemsPath":"$.l","ItemSelector":{"l.$":"$.l[0:2]","i.$":"$$.Map.Item.Index"},
			"MaxConcurrency":` + strconv.Itoa(random.IntN(4)) + `,"ResultPath":"$.m",` + handling,
	}[kind]
	switch kind {
	case 4:
		first += randomScope(random, depth-1, place+"0") + `,` + randomScope(random, depth-1, place+"1")
		first += `],` + next + `}`
	case 5:
		if random.IntN(2) == 0 {
			first += `"ToleratedFailureCount":` + strconv.Itoa(random.IntN(3)) + `,`
		}
		first += `"ItemProcessor":` + randomScope(random, depth-1, place+"0") + `,` + next + `}`
	}
	last := `{"Type":"Succeed"}`
	if random.IntN(4) == 0 {
		last = `{"Type":"Fail","Error":"E` + strconv.Itoa(random.IntN(3)) + `"}`
	}
	return fmt.Sprintf(`{"StartAt":"A%[1]s","States":{"A%[1]s":%[2]s,"Z%[1]s":%[3]s}}`, place, first, last)
}
