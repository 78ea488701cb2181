package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

// A release sets these when it is built (see release.go). Other builds know their commit from Go.
var (
	releaseVersion string
	releaseCommit  string
)

// versionText is what --version prints, and what a bug report needs.
func versionText() string {
	version, commit := builtFrom(debug.ReadBuildInfo())
	return fmt.Sprintf("connect-async %s\ncommit    %s\ngo        %s\nplatform  %s/%s\n",
		cmp.Or(releaseVersion, version), cmp.Or(releaseCommit, commit), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// builtFrom reads the version and the commit that Go writes into a program.
func builtFrom(info *debug.BuildInfo, ok bool) (version, commit string) {
	version, commit = "(devel)", "unknown"
	if !ok {
		return version, commit
	}
	version = cmp.Or(info.Main.Version, version)
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			commit += ", with changes"
		}
	}
	return version, commit
}
