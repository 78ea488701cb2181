package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// watchInterval is how often files are looked at. The files are few, and asking for them works where notifications do
// not: on network drives, in containers, and with editors that replace a file instead of writing to it.
const watchInterval = 500 * time.Millisecond

// watch notices changes of the project and of what its functions are made of, until ctx is done.
func (s *localServer) watch(ctx context.Context) {
	seen, versions := stampsOf(s.projectFiles()), s.versions()
	for (clock.Real{}).Sleep(ctx, watchInterval) == nil {
		if now := stampsOf(s.projectFiles()); !maps.Equal(now, seen) {
			s.log.changed(changedFiles(seen, now), s.reload(ctx))
			seen, versions = stampsOf(s.projectFiles()), s.versions()
		}
		for name, now := range s.versions() {
			code, env := now.Differs(versions[name])
			if code || env {
				s.log.changed(fmt.Sprintf("%s of the function %s", madeOf(code, env), name), s.prepare(ctx, name))
				versions[name] = now
			}
		}
	}
}

// madeOf says which parts of a function are meant.
func madeOf(code, env bool) string {
	switch {
	case code && env:
		return "code and env_file"
	case env:
		return "env_file"
	}
	return "code"
}

// projectFiles are the project file and the files it names that the server reads itself.
func (s *localServer) projectFiles() []string {
	files := []string{s.project.File}
	if s.project.Scenario != "" {
		files = append(files, s.project.Scenario)
	}
	for _, job := range s.project.Jobs {
		if job.Definition != "" {
			files = append(files, job.Definition)
		}
	}
	return files
}

// stampsOf are the stamps of files, by path. Files that cannot be read have none.
func stampsOf(files []string) map[string]stamp {
	found := map[string]stamp{}
	for _, file := range files {
		if info, err := os.Stat(file); err == nil {
			found[file] = stamp{size: info.Size(), changed: info.ModTime().UnixNano()}
		}
	}
	return found
}

// changedFiles names the files that are not as they were.
func changedFiles(was, now map[string]stamp) string {
	both := maps.Clone(was)
	maps.Copy(both, now)
	var names []string
	for _, file := range slices.Sorted(maps.Keys(both)) {
		if was[file] != now[file] {
			names = append(names, filepath.ToSlash(file))
		}
	}
	return strings.Join(names, ", ")
}

// versions are those of the functions that run here, by name.
func (s *localServer) versions() map[string]function.Version {
	versions := map[string]function.Version{}
	for _, f := range s.workspace.Functions {
		if v, ok := f.Version(); ok {
			versions[f.Name] = v
		}
	}
	return versions
}

// prepare builds and starts a function again. Its findings tell what the next invocation would say.
func (s *localServer) prepare(ctx context.Context, name string) source.Findings {
	for _, f := range s.workspace.Functions {
		if f.Name != name {
			continue
		}
		if err := f.Prepare(ctx); err != nil {
			return source.Findings{source.AsFinding(name, err)}
		}
	}
	return nil
}

// reload reads the project again and puts it into the account. With errors among the findings everything stays as it
// is, except for those that the account itself has.
func (s *localServer) reload(ctx context.Context) source.Findings {
	p, found := project.ReadFunctions(s.project.File)
	if found.HasErrors() {
		return found
	}
	options := s.accountOptions()
	next, more := s.openWorkspace(ctx, options, p)
	found = append(found, more...)
	if found.HasErrors() {
		_ = next.Close() // nothing has started that could fail to end
		return found
	}
	old := s.workspace
	found = append(found, tolerated(next.Replace(old, s.account, options))...)
	s.use(next, p)
	s.lambda.Replace(s.functions)
	s.retiring.Go(func() { _ = old.Retire() })
	s.retired = append(s.retired, old)
	return found
}
