package main

import (
	"runtime/debug"
	"testing"
)

func TestBuiltFrom(t *testing.T) {
	stamped := &debug.BuildInfo{
		Main: debug.Module{Version: "v0.2.0"},
		Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-11-26"},
			{Key: "vcs.modified", Value: "true"},
		},
	}
	for _, test := range []struct {
		info            *debug.BuildInfo
		ok              bool
		version, commit string
	}{
		{nil, false, "(devel)", "unknown"},
		{&debug.BuildInfo{}, true, "(devel)", "unknown"},
		{stamped, true, "v0.2.0", "abc, with changes"},
	} {
		version, commit := builtFrom(test.info, test.ok)
		if version != test.version || commit != test.commit {
			t.Errorf("%+v: %q %q", test.info, version, commit)
		}
	}
}
