// Command bench measures how fast the async function starts and answers, compared with a Python function that imports
// boto3 and makes the same one call. Both run as processes on the same fake Runtime API and ask the same local HTTPS
// endpoint instead of Step Functions, each with a full bundle of certificate authorities, since loading that is part
// of the cost.
//
//	go run ./cmd/async-function/bench [-cold 20] [-warm 200] [-check]
//
// It needs Linux, Go, and a python3 with boto3. With -check it exits with 1 when a target is missed.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	cold := flag.Int("cold", 20, "processes of each kind")
	warm := flag.Int("warm", 200, "further events for one process of each kind")
	check := flag.Bool("check", false, "exit with 1 when a target is missed")
	flag.Parse()
	met, err := run(*cold, *warm)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	if *check && !met {
		os.Exit(1)
	}
}

func run(cold, warm int) (met bool, err error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	endpoint, err := serveStepFunctions(folder)
	if err != nil {
		return false, err
	}
	defer endpoint.Close()
	functions, err := candidates(folder, endpoint.URL)
	if err != nil {
		return false, err
	}
	for range cold { // in turn, as in measureLater
		for _, f := range functions {
			p, err := f.start()
			if err != nil {
				return false, err
			}
			p.stop()
		}
	}
	var processes []*process
	for _, f := range functions {
		p, err := f.start()
		if err != nil {
			return false, err
		}
		defer p.stop()
		processes = append(processes, p)
	}
	if err := measureLater(processes, warm); err != nil {
		return false, err
	}
	return report(functions), nil
}

// function is one of the functions that are compared.
type function struct {
	name    string
	command []string
	env     []string

	first []time.Duration // from the start of the process to its first reply
	later []time.Duration // from an event to its reply
	rss   int64           // bytes, after all events
}

const (
	asyncFunction = "async-function"
	boto3PerCall  = "Python, boto3, a client per call"
	boto3Reused   = "Python, boto3, one client"
)

const event = `{"Details":{"ContactData":{"ContactId":"4a573372-1f28-4e26-b97b-000000000001"},
	"Parameters":{"execution_id":"arn:aws:states:eu-west-2:111122223333:execution:Balance:x","count":"0"}}}`

func candidates(folder, endpoint string) ([]*function, error) {
	bootstrap := filepath.Join(folder, "bootstrap")
	build := exec.Command("go", "build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", bootstrap,
		"github.com/connect-async/connect-async/cmd/async-function")
	build.Env, build.WaitDelay = append(os.Environ(), "CGO_ENABLED=0"), time.Second
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	// Not the name on PATH, which may be a script that looks for the interpreter first.
	find := exec.Command("python3", "-c", "import sys, boto3; print(sys.executable)")
	find.WaitDelay = time.Second
	out, err := find.Output()
	if err != nil {
		return nil, fmt.Errorf("python3 with boto3: %w", err)
	}
	python, script := strings.TrimSpace(string(out)), filepath.Join(folder, "function.py")
	if err := os.WriteFile(script, functionPy, 0o600); err != nil {
		return nil, err
	}
	bundle := filepath.Join(folder, bundleName)
	common := []string{
		"AWS_REGION=eu-west-2", "AWS_DEFAULT_REGION=eu-west-2", "AWS_ACCESS_KEY_ID=AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY=secret",
		"AWS_SESSION_TOKEN=token", "AWS_ENDPOINT_URL_SFN=" + endpoint, "PATH=" + os.Getenv("PATH"), "HOME=" + folder,
		"STATE_MACHINE_ARN=arn:aws:states:eu-west-2:111122223333:stateMachine:Balance",
		"SSL_CERT_FILE=" + bundle, "AWS_CA_BUNDLE=" + bundle,
	}
	return []*function{
		{name: asyncFunction, command: []string{bootstrap}, env: common},
		{name: boto3PerCall, command: []string{python, script, "per-call"}, env: common},
		{name: boto3Reused, command: []string{python, script, "reused"}, env: common},
	}, nil
}

func report(functions []*function) (met bool) {
	fmt.Printf("%-34s %14s %14s %12s %12s %10s\n", "", "first reply", "", "later reply", "", "memory")
	fmt.Printf("%-34s %14s %14s %12s %12s %10s\n", "", "median", "95 %", "median", "95 %", "RSS")
	by := map[string]*function{}
	for _, f := range functions {
		by[f.name] = f
		fmt.Printf("%-34s %14s %14s %12s %12s %7.1f MB\n",
			f.name, ms(f.first, 50), ms(f.first, 95), ms(f.later, 50), ms(f.later, 95), float64(f.rss)/1e6)
	}
	ours, perCall, reused := by[asyncFunction], by[boto3PerCall], by[boto3Reused]
	fmt.Println()
	met = target("first reply, times faster than a client per call", ratio(perCall.first, ours.first), 30)
	met = target("later replies, times faster than a client per call", ratio(perCall.later, ours.later), 40) && met
	met = target("later replies, times faster than one client", ratio(reused.later, ours.later), 3) && met
	return target("memory, times smaller than a client per call", float64(perCall.rss)/float64(ours.rss), 3) && met
}

func target(what string, got, want float64) bool {
	verdict := "met"
	if got < want {
		verdict = "MISSED"
	}
	fmt.Printf("%-52s %6.1f   target %3.0f: %s\n", what, got, want, verdict)
	return got >= want
}

func ratio(slow, fast []time.Duration) float64 {
	return float64(percentile(slow, 50)) / float64(percentile(fast, 50))
}

func ms(d []time.Duration, p int) string {
	return fmt.Sprintf("%.2f ms", float64(percentile(d, p))/1e6)
}

func percentile(d []time.Duration, p int) time.Duration {
	if len(d) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(d))
	return sorted[min(len(sorted)*p/100, len(sorted)-1)]
}
