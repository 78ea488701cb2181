package workspace

import "github.com/connect-async/connect-async/internal/async"

// AsyncConfig is what the async function is told.
func (w *Workspace) AsyncConfig() async.Config { return w.asyncConfig() }

// AsyncEnv is what it is told as a process.
func (w *Workspace) AsyncEnv() []string { return w.asyncEnv() }
