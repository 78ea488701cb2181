package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// codeGit is the code of the finding that git does not have a file.
const codeGit = "diff-git"

// lastCommit is what git calls it.
const lastCommit = "HEAD"

// flowInGit reads the flow of a file as git has it in a commit. The error is a source.Finding.
func flowInGit(ctx context.Context, commit, file string) (*workspace.Flow, error) {
	problem := source.Finding{Code: codeGit, Severity: source.Error, File: file,
		Remedy: "Name a commit that has the file with --git, or name two files."}
	if strings.HasPrefix(commit, "-") { // which git would take for a flag
		problem.Message = fmt.Sprintf("%q is not a commit", commit)
		return nil, problem
	}
	git := exec.CommandContext(ctx, "git", "-C", filepath.Dir(file), "cat-file", "blob",
		commit+":./"+filepath.Base(file))
	git.WaitDelay = time.Second
	git.Env = append(os.Environ(), "LC_ALL=C")
	text, err := git.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		said, _, _ := strings.Cut(strings.TrimSpace(string(failed.Stderr)), "\n")
		problem.Message = "git: " + cmp.Or(strings.TrimPrefix(said, "fatal: "), err.Error())
		return nil, problem
	}
	if err != nil {
		problem.Message = fmt.Sprintf("git cannot be run: %v", err)
		return nil, problem
	}
	return workspace.ReadFlowText(commit+":"+filepath.ToSlash(file), text)
}
