package lint

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/connect-async/connect-async/internal/source"
)

// Finding is a finding of a rule. Its code is the rule's id.
type Finding struct {
	source.Finding
	Rule string `json:"rule"`
	// Fingerprint names the finding in settings. It stays the same when lines move or texts are reworded, and changes
	// with the rule, the file's name, the subject, and the number of such findings before it on the same subject.
	Fingerprint string `json:"fingerprint"`
}

func sortFindings(found []Finding) []Finding {
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(found, func(a, b Finding) bool { return a == b })
}

// identify gives each finding its fingerprint.
func identify(found []Finding) {
	seen := map[string]int{}
	for i := range found {
		f := &found[i]
		key := f.Rule + "\x00" + filepath.Base(f.File) + "\x00" + f.Subject
		seen[key]++
		sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(seen[key])))
		f.Fingerprint = hex.EncodeToString(sum[:6])
	}
}

var ranks = map[source.Severity]int{source.Info: 1, source.Warning: 2, source.Error: 3}

// weaker returns the lower of two severities.
func weaker(a, b source.Severity) source.Severity {
	if ranks[a] < ranks[b] {
		return a
	}
	return b
}
