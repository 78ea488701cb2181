package function

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
)

// files watches the files of a function's code. It looks when it is asked, and never spends more than a small part of
// the time on it: after a look that took one millisecond the next comes twenty milliseconds later at the earliest.
type files struct {
	clock clock.Clock
	root  string                 // a folder, or one file
	match func(name string) bool // which files count; nil means all
	other string                 // the path of a file that is watched by itself, "" for none

	mu      sync.Mutex
	version fingerprint
	next    time.Time // of the next look
}

// fingerprint is a hash of the names, sizes and times of files.
type fingerprint [sha256.Size]byte

// rarelyEdited are folders that are large, and are not edited by hand.
var rarelyEdited = []string{"node_modules", ".venv", "venv", "__pycache__", ".git", ".aws-sam", ".terraform"}

const lookShare = 20

// look returns the fingerprint of the files as they are now, or were a moment ago.
func (w *files) look() fingerprint {
	w.mu.Lock()
	defer w.mu.Unlock()
	begin := w.clock.Now()
	if begin.Before(w.next) {
		return w.version
	}
	w.version = w.read()
	end := w.clock.Now()
	w.next = end.Add(lookShare * end.Sub(begin))
	return w.version
}

func (w *files) read() fingerprint {
	hash := sha256.New()
	// A file that cannot be read counts as one that is not there: whoever runs the code says what is wrong with it.
	_ = filepath.WalkDir(w.root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case entry.IsDir() && path != w.root && slices.Contains(rarelyEdited, entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || path == w.other || w.match != nil && !w.match(entry.Name()):
			return nil
		}
		if info, err := entry.Info(); err == nil {
			fmt.Fprintf(hash, "%s\x00%d\x00%d\x00", path, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return fingerprint(hash.Sum(nil))
}

// beginning returns the first bytes of a file that has as many.
func beginning(path string, bytes int) (start string, ok bool) {
	file, err := os.Open(path)
	if err != nil {
		return "", false
	}
	defer file.Close()
	text := make([]byte, bytes)
	_, err = io.ReadFull(file, text)
	return string(text), err == nil
}
