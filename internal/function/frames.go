package function

import (
	"encoding/json"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// The forms in which the runtimes write the lines of a stack trace.
var (
	pythonFrame  = regexp.MustCompile(`^\s*File "(.+)", line (\d+), in (.+)\n?\s*(.*)`)
	pythonSyntax = regexp.MustCompile(`^\s*File "(.+)" Line (\d+)\n?\s*(.*)`)
	nodeFrame    = regexp.MustCompile(`^\s*at (?:async )?(?:(.+?) \()?((?:file://)?[^()\s][^()]*):(\d+):\d+\)?$`)
	nodeSyntax   = regexp.MustCompile(`^((?:file://)?/.+):(\d+)$`)
)

// goFrame is a frame of a panic, as aws-lambda-go writes it.
type goFrame struct {
	Path  string `json:"path"`
	Line  int    `json:"line"`
	Label string `json:"label"`
}

// frames are the user's frames of an error document, the innermost first. Python writes it last.
func (c userCode) frames(d errorDocument) []Frame {
	var frames []Frame
	python := false
	for _, raw := range slices.Concat(d.Stack, d.Trace) {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			frames = c.add(frames, c.goFrame(raw))
			continue
		}
		if f, ok := readPython(text); ok {
			python = true
			frames = c.add(frames, f)
		} else if f, ok := readNode(text); ok {
			frames = c.add(frames, f)
		}
	}
	if python {
		slices.Reverse(frames)
	}
	return frames
}

// add adds a frame, with its file relative to the code, when it is the user's.
func (c userCode) add(frames []Frame, f Frame) []Frame {
	file, ok := c.own(f.File)
	if !ok {
		return frames
	}
	if f.Code == "" {
		f.Code = lineOf(f.File, f.Line)
	}
	f.File = file
	return append(frames, f)
}

// lineOf is the text of a line of a file, "" where there is none.
func lineOf(file string, line int) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	lines := strings.Split(string(text), "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[line-1])
}

func readPython(text string) (Frame, bool) {
	if m := pythonFrame.FindStringSubmatch(text); m != nil {
		return Frame{File: m[1], Line: number(m[2]), In: m[3], Code: strings.TrimSpace(m[4])}, true
	}
	if m := pythonSyntax.FindStringSubmatch(text); m != nil {
		return Frame{File: m[1], Line: number(m[2]), Code: strings.TrimSpace(m[3])}, true
	}
	return Frame{}, false
}

func readNode(text string) (Frame, bool) {
	if m := nodeFrame.FindStringSubmatch(text); m != nil {
		return Frame{File: nodePath(m[2]), Line: number(m[3]), In: m[1]}, true
	}
	if m := nodeSyntax.FindStringSubmatch(text); m != nil {
		return Frame{File: nodePath(m[1]), Line: number(m[2])}, true
	}
	return Frame{}, false
}

// nodePath is the path of a module, which Node may write as a URL.
func nodePath(written string) string {
	at, isURL := strings.CutPrefix(written, "file://")
	if !isURL {
		return written
	}
	if decoded, err := url.PathUnescape(at); err == nil {
		at = decoded
	}
	if runtime.GOOS == "windows" {
		at = strings.TrimPrefix(at, "/")
	}
	return filepath.FromSlash(at)
}

// goFrame reads a frame of a panic. Its path has as many elements as the package's import path, which need not be
// those of a folder, so that the file is looked for in the code.
func (c userCode) goFrame(raw json.RawMessage) Frame {
	var f goFrame
	if json.Unmarshal(raw, &f) != nil || strings.Contains(f.Path, "@") || strings.HasPrefix(f.Path, "runtime/") {
		return Frame{}
	}
	for rest := f.Path; rest != ""; {
		for _, root := range c.roots {
			if file := filepath.Join(root, filepath.FromSlash(rest)); exists(file) {
				return Frame{File: file, Line: f.Line, In: f.Label}
			}
		}
		_, rest, _ = strings.Cut(rest, "/")
	}
	return Frame{}
}

// packageFolders hold the code of others, wherever they lie.
var packageFolders = []string{"node_modules", "site-packages", "dist-packages", ".venv", "venv", "vendor"}

// own returns a file's path relative to the code, when the file is the user's own.
func (c userCode) own(file string) (string, bool) {
	for _, root := range c.roots {
		rest, err := filepath.Rel(root, file)
		if err != nil || !filepath.IsLocal(rest) {
			continue
		}
		rest = filepath.ToSlash(rest)
		elements := strings.Split(rest, "/")
		isPackage := func(element string) bool { return slices.Contains(packageFolders, element) }
		return rest, !slices.ContainsFunc(elements, isPackage) && !installed(root, elements[0])
	}
	return "", false
}

// installed reports whether pip put a module or package into the folder of the code, where it lies among the user's
// own: its files are listed beside it.
func installed(root, name string) bool {
	records, _ := filepath.Glob(filepath.Join(root, "*.dist-info", "RECORD"))
	for _, record := range records {
		text, err := os.ReadFile(record)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			first, _, _ := strings.Cut(path.Clean(line), "/")
			if module, _, _ := strings.Cut(first, ","); module == name {
				return true
			}
		}
	}
	return false
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // of a line; one that is too large is not shown as it is
	return n
}
