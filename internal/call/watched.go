package call

import (
	"maps"
	"path/filepath"
	"slices"

	"github.com/connect-async/connect-async/internal/scenario"
)

// Watched returns the files and folders that decide how a scenario file is played: the file itself, the folder of its
// project, and the files that either names, also those that are not there. Of a folder everything in it counts, at
// any depth.
func Watched(file string) []string {
	given, _ := scenario.Read(file)
	list := append([]string{file, given.Flow, given.StateMachine}, slices.Sorted(maps.Values(given.Flows))...)
	p, found := findProject(file)
	for _, f := range found { // of a project file that cannot be read, all that is known
		list = append(list, filepath.Dir(f.File))
	}
	if p != nil {
		list = append(list, filepath.Dir(p.File))
		for _, f := range p.Flows {
			list = append(list, f.File)
		}
		for _, j := range p.Jobs {
			list = append(list, j.Definition)
		}
		list = append(list, slices.Sorted(maps.Values(p.Prompts))...)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(path string) bool { return path == "" })
}
