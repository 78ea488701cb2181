package function

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/source"
)

// Spec says which code a Function runs, and how. Empty fields have Lambda's defaults where Lambda has one.
type Spec struct {
	Name string // the function's name; default: the name of the code folder
	ARN  string // default: arn:aws:lambda:Region:AccountID:function:Name

	Code    string // the folder of the code, or one file: a module, a Go source file or an executable
	Handler string // module.function; default: lambda_function.lambda_handler (Python), index.handler (Node)
	Runtime string // python3.14, nodejs24.x, provided.al2023, go, …; default: found out from the code

	Timeout     time.Duration // of one invocation; default 3 s, as for a new function in Lambda
	InitTimeout time.Duration // of the init phase; default 10 s, Lambda's limit
	MemoryMB    int           // told to the function, not enforced; default 128
	Concurrency int           // most environments at one time; default 1,000, an account's default in Lambda
	Env         []string      // KEY=VALUE; the variables that Lambda reserves are set by the runner
	EnvFile     string        // a file with further variables, which win; read again when it changes

	Region    string // default us-east-1
	AccountID string // default 000000000000
	Version   string // default $LATEST

	// NewRequestID makes the id of an invocation. Default: a random UUID.
	NewRequestID func() string
}

// Limits and defaults of Lambda: the API reference of CreateFunction, and "Lambda quotas" and "Understanding the Lambda
// execution environment lifecycle" in the developer guide.
const (
	defaultTimeout     = 3 * time.Second
	defaultInitTimeout = 10 * time.Second
	defaultMemoryMB    = awsfacts.MinMemoryMB
	defaultConcurrency = awsfacts.ConcurrentExecutions
)

// complete fills in the defaults that do not depend on the runtime, and turns Code into an absolute path.
func (s Spec) complete() (Spec, error) {
	if s.Code == "" {
		return s, problem(CodeMissing, s.Name, "no code is given for the function",
			"Set code to the folder of the function.")
	}
	code, err := filepath.Abs(s.Code)
	if err != nil {
		return s, problem(CodeMissing, s.Code, err.Error(), "Set code to the folder of the function.")
	}
	s.Code = code
	if s.EnvFile != "" {
		if s.EnvFile, err = filepath.Abs(s.EnvFile); err != nil {
			return s, problem(EnvFileMissing, s.EnvFile, err.Error(), "Correct the path in env_file.")
		}
	}
	s.Name = cmp.Or(s.Name, strings.TrimSuffix(filepath.Base(code), filepath.Ext(code)))
	s.Region = cmp.Or(s.Region, "us-east-1")
	s.AccountID = cmp.Or(s.AccountID, "000000000000")
	s.Version = cmp.Or(s.Version, "$LATEST")
	s.ARN = cmp.Or(s.ARN, "arn:aws:lambda:"+s.Region+":"+s.AccountID+":function:"+s.Name)
	s.Timeout = cmp.Or(s.Timeout, defaultTimeout)
	s.InitTimeout = cmp.Or(s.InitTimeout, defaultInitTimeout)
	s.MemoryMB = cmp.Or(s.MemoryMB, defaultMemoryMB)
	s.Concurrency = cmp.Or(s.Concurrency, defaultConcurrency)
	if s.NewRequestID == nil {
		s.NewRequestID = newUUID
	}
	return s, s.check()
}

func (s Spec) check() error {
	if _, err := os.Stat(s.Code); err != nil {
		return problem(CodeMissing, s.Code, "the function's code does not exist",
			"Correct the path, which is relative to the project file.")
	}
	if s.Timeout < 0 || s.InitTimeout < 0 || s.Concurrency < 0 || s.MemoryMB < 0 {
		return problem(SpecInvalid, s.Code,
			"a time limit, the memory or the concurrency of the function is negative", "Give a positive number.")
	}
	for _, kv := range s.Env {
		key, _, ok := strings.Cut(kv, "=")
		if !ok || key == "" {
			return problem(SpecInvalid, s.Code,
				"an environment variable of the function is not KEY=VALUE",
				"Write each variable as KEY=VALUE.")
		}
		if slices.Contains(reserved, key) {
			return problem(VariableReserved, s.Code, "only Lambda can set the variable "+key,
				"Remove it from the function's variables.")
		}
	}
	return nil
}

// folder is the folder of the code: Lambda's task root.
func (s Spec) folder() string {
	if info, err := os.Stat(s.Code); err == nil && !info.IsDir() {
		return filepath.Dir(s.Code)
	}
	return s.Code
}

// The codes of what can be wrong with a function's set-up.
const (
	CodeMissing        = "function.code-missing"
	SpecInvalid        = "function.spec-invalid"
	RuntimeUnknown     = "function.runtime-unknown"
	InterpreterMissing = "function.interpreter-missing"
	ToolchainMissing   = "function.toolchain-missing"
	BuildFailed        = "function.build-failed"
	StartFailed        = "function.start-failed"
)

// problem is an error in the set-up of a function, which only its user can put right.
func problem(code, place, message, remedy string) error {
	return source.Finding{Code: code, Severity: source.Error, File: place, Message: message, Remedy: remedy}
}
