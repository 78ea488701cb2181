package workspace

import (
	"errors"
	"slices"

	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/source"
)

// Replace puts a workspace into the account of another one, as a deployment changes an account in AWS: executions that
// run go on with what they were started with, tables keep their items, and what is not in the workspace any more is
// removed. The other workspace can be retired afterwards.
func (w *Workspace) Replace(old *Workspace, account *local.Account, o local.Options) source.Findings {
	kept := w.names()
	for _, name := range old.names() {
		if !slices.Contains(kept, name) {
			account.RemoveFunction(name)
		}
	}
	var machines []string
	for _, m := range w.Machines {
		machines = append(machines, m.Name)
	}
	var found source.Findings
	for _, m := range old.Machines {
		if slices.Contains(machines, m.Name) {
			continue
		}
		if err := account.Delete(account.StateMachineARN(m.Name)); err != nil {
			found = append(found, source.AsFinding(m.File, err))
		}
	}
	account.SendEnds("") // PutInto says otherwise
	return append(found, w.PutInto(account, o, nil)...)
}

// names are the functions that the workspace puts into an account.
func (w *Workspace) names() []string {
	names := []string{w.AsyncName, w.EndsName}
	for _, f := range w.Functions {
		names = append(names, f.Name)
	}
	return names
}

// Retire does what Close does as soon as the invocations in flight have ended. Close ends the wait.
func (w *Workspace) Retire() error {
	errs := make([]error, len(w.Functions))
	for i, f := range w.Functions {
		if f.process != nil {
			errs[i] = f.process.Retire()
		}
	}
	return errors.Join(errs...)
}
