package function

import (
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// The codes of what can be wrong with variables.
const (
	EnvFileMissing   = "function.env-file-missing"
	EnvFileInvalid   = "function.env-file-invalid"
	VariableReserved = "function.variable-reserved"
)

// reserved are the variables that only Lambda sets: "Defined runtime environment variables" in the developer guide.
// Region and credentials, which Lambda reserves too, may be given here: they take the place of the function's role.
var reserved = []string{
	"_HANDLER", "_X_AMZN_TRACE_ID", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "AWS_EXECUTION_ENV",
	"AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
	"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_LOG_GROUP_NAME",
	"AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_MAX_CONCURRENCY",
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// ReadEnvFile reads the variables of a function from a file: lines KEY=VALUE, optionally with `export ` before the key.
// Empty lines and lines that begin with # do not count. A value may be in single quotes, and is then taken as it
// is, or in double quotes, with \n, \r, \t, \" and \\; otherwise it ends before a # that follows a space. Nothing is
// substituted. Errors are source.Findings and never show a value.
func ReadEnvFile(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, problem(EnvFileMissing, path, "the file of environment variables cannot be read",
			"Create it, or correct the path in env_file.")
	}
	if text, err = source.Unmarked(path, text); err != nil {
		return nil, err
	}
	var env []string
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, ok := parseVariable(line)
		place := source.Pos{Line: i + 1, Column: 1}
		if !ok {
			return nil, source.Finding{Code: EnvFileInvalid, Severity: source.Error, File: path, Pos: place,
				Message: "this line is not KEY=VALUE, or its quotes do not match",
				Remedy:  "Write KEY=VALUE."}
		}
		if slices.Contains(reserved, key) {
			return nil, source.Finding{Code: VariableReserved, Severity: source.Error, File: path, Pos: place,
				Message: "only Lambda can set the variable " + key, Remedy: "Remove it."}
		}
		env = append(env, key+"="+value)
	}
	return env, nil
}

// variables are those of the specification, and after them those of its file.
func (s Spec) variables() ([]string, error) {
	if s.EnvFile == "" {
		return s.Env, nil
	}
	own, err := ReadEnvFile(s.EnvFile)
	return append(slices.Clone(s.Env), own...), err
}

func parseVariable(line string) (key, value string, ok bool) {
	key, value, ok = strings.Cut(strings.TrimPrefix(line, "export "), "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	if !ok || !variableName.MatchString(key) {
		return "", "", false
	}
	if value == "" || value[0] != '\'' && value[0] != '"' {
		if i := strings.Index(value, " #"); i >= 0 {
			value = strings.TrimSpace(value[:i])
		}
		return key, value, true
	}
	value, ok = unquote(value)
	return key, value, ok
}

var escapes = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r", `\t`, "\t", `\"`, `"`)

// unquote reads a quoted value, after which only a comment may follow.
func unquote(value string) (string, bool) {
	quote := value[0]
	for i := 1; i < len(value); i++ {
		switch {
		case quote == '"' && value[i] == '\\':
			i++
		case value[i] == quote:
			rest := strings.TrimSpace(value[i+1:])
			if rest != "" && rest[0] != '#' {
				return "", false
			}
			if quote == '"' {
				return escapes.Replace(value[1:i]), true
			}
			return value[1:i], true
		}
	}
	return "", false
}
