package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
)

// served is what `serve --json` prints.
type served struct {
	Port          int               `json:"port"`
	LambdaPort    int               `json:"lambda_port"`
	Clock         string            `json:"clock"`
	Environment   map[string]string `json:"environment"`
	StateMachines []string          `json:"state_machines"`
}

// startForPrograms runs `serve --json` until the test ends. What it prints for people is not looked at.
func startForPrograms(t *testing.T, args ...string) (s served) {
	t.Helper()
	out := startServe(t, append([]string{"--json"}, args...)...)
	if err := json.Unmarshal([]byte(out.find(t, `^(\{.*\})\n`)), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// move moves the clock of a server, and returns its answer.
func (s served) move(t *testing.T, body string) string {
	t.Helper()
	response, err := http.Post(s.Clock, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// TestServeManualClock moves the clock of a server by hand, and checks after each step how an execution stands that
// calls three stand-ins, which take 30 s together.
func TestServeManualClock(t *testing.T) {
	s := startForPrograms(t, "../../examples/chain", "--clock", "manual")
	url := s.Environment["AWS_ENDPOINT_URL_SFN"]
	if len(s.StateMachines) != 1 || s.Port == 0 || s.LambdaPort == 0 || !strings.HasPrefix(s.Clock, url) {
		t.Fatalf("%+v", s)
	}
	arn := start(t, url, "loans-offer", "one", "")
	begun, err := time.Parse(time.RFC3339Nano, clockOf(t, s.move(t, `{"seconds": 0}`)))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ body, status string }{
		{`{"seconds": 29}`, "RUNNING"},
		{`{"seconds": 0.5}`, "RUNNING"},
		{`{"seconds": 0.5}`, "SUCCEEDED"},
	} {
		s.move(t, step.body)
		d := post(t, url, "AWSStepFunctions.DescribeExecution", `{"executionArn":"`+arn+`"}`)
		if d["status"] != step.status {
			t.Errorf("after %s it is %v", step.body, d["status"])
		}
	}
	response, err := http.Get(s.Clock)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, _ := io.ReadAll(response.Body)
	now, err := time.Parse(time.RFC3339Nano, clockOf(t, string(answer)))
	if err != nil || now.Sub(begun) != 30*time.Second {
		t.Errorf("30 s after %v it is %v: %v", begun, now, err)
	}
	for _, body := range []string{`{"seconds": -1}`, `{}`, `{"seconds": 1e300}`, "x"} {
		if answer := s.move(t, body); !strings.Contains(answer, `"error":"send {\"seconds\": N}`) {
			t.Errorf("%s: %s", body, answer)
		}
	}
}

// clockOf is the time in an answer.
func clockOf(t *testing.T, answer string) string {
	t.Helper()
	var a struct{ Now string }
	if err := json.Unmarshal([]byte(answer), &a); err != nil {
		t.Fatalf("%s: %v", answer, err)
	}
	return a.Now
}

// TestServeClockMovesByItself checks what a client is told that wants to move a clock that moves by itself.
func TestServeClockMovesByItself(t *testing.T) {
	s := startForPrograms(t, "../../examples/chain", "--clock", "virtual")
	if answer := s.move(t, `{"seconds": 1}`); !strings.Contains(answer, "start the server with --clock manual") {
		t.Error(answer)
	}
}

// TestServeFromOtherLanguages runs the examples of tests that start a server of their own. Quick runs do in Go what
// they do (TestServeManualClock).
func TestServeFromOtherLanguages(t *testing.T) {
	testrun.Heavy(t)
	program, err := exec.LookPath("connect-async-process")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ command, needs []string }{
		"python": {
			command: []string{"python3", "-m", "unittest", "test_offer.py"},
			needs:   []string{"python3", "-c", "import boto3"},
		},
		"pytest": {
			command: []string{"python3", "-m", "pytest", "-p", "no:cacheprovider", "test_offer.py"},
			needs:   []string{"python3", "-c", "import boto3, pytest"},
		},
		"node": {
			command: []string{"node", "--test"},
			needs:   []string{"node", "--version"},
		},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			if testrun.Command(t, c.needs[0], c.needs[1:]...).Run() != nil {
				t.Skipf("%s is not installed", strings.Join(c.needs, " "))
			}
			cmd := testrun.Command(t, c.command[0], c.command[1:]...)
			cmd.Dir = filepath.Join("..", "..", "examples", "chain", "tests")
			cmd.Env = append(withoutAWS(os.Environ()), "CONNECT_ASYNC="+program, "PYTHONDONTWRITEBYTECODE=1")
			out, err := cmd.CombinedOutput()
			if err != nil || !regexp.MustCompile(`Ran 2 tests|2 passed|pass 2`).Match(out) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}
