package lint

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// The parts of a finding in GitLab's Code Quality report, all of which GitLab requires (GitLab documentation, "Code
// Quality report format").
type (
	gitLabFinding struct {
		Description string         `json:"description"`
		Check       string         `json:"check_name"`
		Fingerprint string         `json:"fingerprint"` // unique in the report: GitLab shows one of each
		Severity    string         `json:"severity"`
		Location    gitLabLocation `json:"location"`
	}
	gitLabLocation struct {
		Path  string      `json:"path"` // from the root of the repository, without ./
		Lines gitLabLines `json:"lines"`
	}
	gitLabLines struct {
		Begin int `json:"begin"`
	}
)

var gitLabSeverities = map[source.Severity]string{
	source.Error: "major", source.Warning: "minor", source.Info: "info",
}

// writeGitLab writes a Code Quality report, which GitLab shows in a merge request.
func writeGitLab(w io.Writer, found []Finding) error {
	report := []gitLabFinding{}
	for _, f := range found {
		path := filepath.ToSlash(filepath.Clean(f.File))
		// A fingerprint is of one file, and findings of files that cannot be read have none.
		sum := sha256.Sum256([]byte(strings.Join([]string{path, f.Code, f.Fingerprint, f.Message}, "\x00")))
		report = append(report, gitLabFinding{
			Description: strings.TrimSpace(f.Message + ". " + f.Remedy),
			Check:       f.Code,
			Fingerprint: hex.EncodeToString(sum[:16]),
			Severity:    gitLabSeverities[f.Severity],
			Location:    gitLabLocation{Path: path, Lines: gitLabLines{Begin: max(f.Line, 1)}},
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}
