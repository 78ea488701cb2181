package function_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/function"
)

func TestReadEnvFile(t *testing.T) {
	path := filepath.Join(folder(t, ".env", strings.Join([]string{
		"# a comment", "", "PLAIN=value", "export EXPORTED = spaced ", "EMPTY=", "COMMENT=value # not this", "HASH=a#b",
		`SINGLE='as $it "is" \n'`, `DOUBLE="two\nlines \"and\" C:\\new" # comment`, "EQUALS=a=b", "CRLF=value\r",
		"AWS_PROFILE=dev",
	}, "\n")), ".env")
	got, err := function.ReadEnvFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"PLAIN=value", "EXPORTED=spaced", "EMPTY=", "COMMENT=value", "HASH=a#b", `SINGLE=as $it "is" \n`,
		"DOUBLE=two\nlines \"and\" C:\\new", "EQUALS=a=b", "CRLF=value", "AWS_PROFILE=dev",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestReadEnvFileWithMark reads a file as some editors save it.
func TestReadEnvFileWithMark(t *testing.T) {
	env, err := function.ReadEnvFile(filepath.Join(folder(t, ".env", "\ufeffA=1\n"), ".env"))
	if err != nil || len(env) != 1 || env[0] != "A=1" {
		t.Errorf("%q %v", env, err)
	}
}

func TestReadEnvFileRefuses(t *testing.T) {
	tests := map[string]string{ // second line, code
		"no equals sign secret": function.EnvFileInvalid,
		"1KEY=secret":           function.EnvFileInvalid,
		"KEY='secret":           function.EnvFileInvalid,
		`KEY="secret\"`:         function.EnvFileInvalid,
		`KEY="secret" more`:     function.EnvFileInvalid,
		"=secret":               function.EnvFileInvalid,
		"_HANDLER=secret":       function.VariableReserved,
	}
	for line, code := range tests {
		path := filepath.Join(folder(t, ".env", "A=1\n"+line), ".env")
		_, err := function.ReadEnvFile(path)
		finding := expectFinding(t, err, code)
		if finding.File != path || finding.Line != 2 || strings.Contains(finding.Error()+finding.Remedy, "secret") {
			t.Errorf("%q: %v", line, finding)
		}
	}
	_, err := function.ReadEnvFile(filepath.Join(t.TempDir(), ".env"))
	expectFinding(t, err, function.EnvFileMissing)
}

func FuzzReadEnvFile(f *testing.F) {
	f.Add("A=1\nexport B='2' # x\nC=\"\\\"\"")
	f.Fuzz(func(t *testing.T, text string) {
		env, err := function.ReadEnvFile(filepath.Join(folder(t, ".env", text), ".env"))
		if err != nil && env != nil {
			t.Error("variables together with an error")
		}
		for _, kv := range env {
			if key, _, ok := strings.Cut(kv, "="); !ok || key == "" {
				t.Errorf("%q is not a variable", kv)
			}
		}
	})
}
