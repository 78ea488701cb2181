package workspace

// AsyncEnv is what it is told as a process.
func (w *Workspace) AsyncEnv() []string { return w.asyncEnv() }
