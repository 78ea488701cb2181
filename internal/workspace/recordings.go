package workspace

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/wav"
)

// CodeRecording is the code of the finding that a recording's length cannot be found out.
const CodeRecording = "call-recording"

// Recordings finds out how long the recordings of a project take, by prompt.
func Recordings(p *project.Project) (map[string]time.Duration, source.Findings) {
	lengths := map[string]time.Duration{}
	var found source.Findings
	for _, prompt := range slices.Sorted(maps.Keys(p.Prompts)) {
		length, err := recording(p.Prompts[prompt])
		if err != nil {
			found = append(found, source.Finding{Code: CodeRecording, Severity: source.Error, File: p.File,
				Message: fmt.Sprintf("the recording %s: %v", prompt, err),
				Remedy:  "Use a WAV file, or leave the prompt out and give its length in the scenario under lengths."})
			continue
		}
		lengths[prompt] = length
	}
	return lengths, found
}

func recording(file string) (time.Duration, error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return wav.Length(bufio.NewReader(f))
}
