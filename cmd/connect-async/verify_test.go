package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/verify"
)

// TestChecksAreACode: what is wrong counts more than what could not be looked at, and what was skipped does not count.
func TestChecksAreACode(t *testing.T) {
	ok, skip := verify.Check{State: verify.OK}, verify.Check{State: verify.Skip}
	unknown, wrong := verify.Check{State: verify.Unknown}, verify.Check{State: verify.Fail}
	for want, list := range map[int][][]verify.Check{
		exitGood:   {{}, {ok}, {ok, skip}},
		exitUsage:  {{unknown}, {ok, skip, unknown}},
		exitFailed: {{wrong}, {unknown, wrong, unknown}},
	} {
		for _, checks := range list {
			code := exitGood
			var failed failure
			if errors.As(exitOf(checks), &failed) {
				code = failed.code
			}
			if code != want {
				t.Errorf("%+v: exit code %d, want %d", checks, code, want)
			}
		}
	}
}

// TestPrintChecks: several that are right are one line, and whatever is not has its own, with a remedy.
func TestPrintChecks(t *testing.T) {
	var out strings.Builder
	alarm := verify.Check{Group: "watching", Title: "alarm", State: verify.OK, Detail: "bank-a"}
	missing := alarm
	missing.State, missing.Detail, missing.Remedy = verify.Fail, "bank-b: none", "Create it."
	account := verify.Check{Group: "account", Title: "credentials", State: verify.OK, Detail: "account 1"}
	printChecks(plainTerminal(&out, &out), []verify.Check{account, alarm, alarm, alarm, missing, alarm})
	want := `account
  OK       credentials          account 1
watching
  OK       alarm                3 as they should be
  FAIL     alarm                bank-b: none
           Create it.
  OK       alarm                bank-a

5 OK, 1 failed, 0 unknown, 0 skipped
`
	if out.String() != want {
		t.Errorf("printed\n%s", out.String())
	}
}

// TestCostOfAnAccount compares with the quotas that an account has, and says which permission is missing.
func TestCostOfAnAccount(t *testing.T) {
	refused := ""
	actAsAccount(t, &refused)
	for _, test := range []struct {
		refused string
		code    int
		says    []string
	}{
		{"", exitGood, []string{"Prices of", "eu-west-1", "second: 6.7 needed, 4 in the account. It stops: poll with",
			"Concurrent executions: 40.0 needed, 30 in the account.", "from 4 to 10."}},
		{"ListServiceQuotas", exitUsage, []string{"Allow servicequotas:ListServiceQuotas on * for your credentials."}},
		{"account-settings", exitUsage, []string{"Allow lambda:GetAccountSettings on * for your credentials."}},
	} {
		refused = test.refused
		var out, errs strings.Builder
		code := run(t.Context(), []string{"cost", "--account", "--callers", "20"}, plainTerminal(&out, &errs))
		for _, text := range test.says {
			if code != test.code || !strings.Contains(out.String()+errs.String(), text) {
				t.Errorf("%q: exit code %d, %q is not in\n%s%s", test.refused, code, text, out.String(), errs.String())
			}
		}
	}
}

// actAsAccount serves an account with small quotas in eu-west-1. It denies the operation that refused names.
func actAsAccount(t *testing.T, refused *string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch operation := r.Header.Get("X-Amz-Target") + r.URL.Path; {
		case *refused != "" && strings.Contains(operation, *refused):
			w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
			w.WriteHeader(http.StatusBadRequest)
		case strings.Contains(operation, "ListServiceQuotas"):
			fmt.Fprint(w, `{"Quotas":[{"QuotaName":"DescribeExecution throttle token refill rate per second",`+
				`"Value":4}]}`)
		default:
			fmt.Fprint(w, `{"AccountLimit":{"ConcurrentExecutions":30}}`)
		}
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": "eu-west-1",
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_MAX_ATTEMPTS": "1",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull} {
		t.Setenv(name, value)
	}
}

// TestLoadOfAnAccount: the account's own quotas and Region count, and --quota counts more.
func TestLoadOfAnAccount(t *testing.T) {
	refused := ""
	actAsAccount(t, &refused)
	t.Chdir("../..")
	load := []string{"load", "examples/balance", "--account", "--arrivals", "burst,35,5s", "--takes", "8s"}
	code, out, errs := typed(t, load...)
	for _, says := range []string{"Throttled by lambda_concurrency", "quotas of the account in eu-west-1"} {
		if code != exitFailed || !strings.Contains(out, says) {
			t.Errorf("exit code %d, %q is not in\n%s%s", code, says, out, errs)
		}
	}
	code, out, errs = typed(t, append(load, "--quota", "lambda_concurrency=500")...)
	if code != exitGood || !strings.Contains(out, "Told the result        35") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	refused = "ListServiceQuotas"
	if code, _, errs := typed(t, load...); code != exitUsage || !strings.Contains(errs, "Allow servicequotas:") {
		t.Errorf("exit code %d: %s", code, errs)
	}
}

// TestCodeHash: Lambda tells the SHA-256 of a package in base64. What is no package is refused.
func TestCodeHash(t *testing.T) {
	const empty = "PK\x05\x06" + "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	file := filepath.Join(t.TempDir(), "package.zip")
	for content, want := range map[string]string{
		empty: "hznHbmgfkAkjuQDJ3w73XPQh05yrtUZQxLmtGbanbYU=", "abc": "", "": "",
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := codeHash(file); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %s (%v), want %s", content, got, err, want)
		}
	}
	if _, err := codeHash(t.TempDir()); err == nil {
		t.Error("a folder is a package")
	}
}
