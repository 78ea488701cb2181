package function

import (
	"cmp"
	"os"
	"strings"
	"time"
)

// inherited are the variables of this process that programs need in order to run at all. Nothing else of the user's
// environment reaches a function, as in Lambda.
var inherited = []string{
	// Linux, macOS
	"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
	// Windows
	"SystemRoot", "SystemDrive", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP", "PATHEXT", "ComSpec",
}

// environ is the environment of a process: what it inherits, defaults that the user's variables may override, these,
// and what Lambda reserves. Source: "Defined runtime environment variables" in the developer guide.
func environ(s Spec, c *code, api string, now time.Time) []string {
	var env []string
	for _, name := range inherited {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	env = append(env, "TZ=:UTC", "LANG=en_US.UTF-8", "AWS_REGION="+s.Region, "AWS_DEFAULT_REGION="+s.Region)
	env = append(env, credentials(c.variables)...)
	env = append(env, c.env...)
	env = append(env, c.variables...)
	return append(env,
		"AWS_LAMBDA_RUNTIME_API="+api,
		"_HANDLER="+s.Handler,
		"LAMBDA_TASK_ROOT="+s.folder(),
		"LAMBDA_RUNTIME_DIR="+cmp.Or(c.runtimeDir, s.folder()),
		"AWS_LAMBDA_FUNCTION_NAME="+s.Name,
		"AWS_LAMBDA_FUNCTION_VERSION="+s.Version,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE="+itoa(s.MemoryMB),
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/"+s.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME="+logStream(s.Version, now),
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
	)
}

// logStream is a name as Lambda gives it to the log stream of a new environment.
func logStream(version string, now time.Time) string {
	return now.UTC().Format("2006/01/02") + "/[" + version + "]" + strings.ReplaceAll(newUUID(), "-", "")
}

// credentials are dummies, so that an AWS SDK in the function can sign for a local endpoint, unless the user's
// variables say which credentials to use.
func credentials(env []string) []string {
	for _, kv := range env {
		switch key, _, _ := strings.Cut(kv, "="); key {
		case "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
			"AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE":
			return nil
		}
	}
	return []string{"AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_SESSION_TOKEN=local"}
}
