package project

import "github.com/connect-async/connect-async/internal/function"

// Spec says how to run the function's local code. The variables of its env_file are read now; errors are source.Findings.
func (f Function) Spec() (function.Spec, error) {
	spec := function.Spec{Name: f.Name, Code: f.Code, Handler: f.Handler, Runtime: f.Runtime, Timeout: f.Timeout, MemoryMB: f.MemoryMB}
	if f.EnvFile == "" {
		return spec, nil
	}
	env, err := function.ReadEnvFile(f.EnvFile)
	spec.Env = env
	return spec, err
}
