package source

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Codes of the findings that a Reader gives.
const (
	CodeWrongKind  = "wrong-kind"
	CodeBadValue   = "bad-value"
	CodeUnknownKey = "unknown-key"
	CodeNoFile     = "no-such-file" // a file names another one that does not exist
)

// ReadFile reads and parses a JSON or YAML file; names that end in .yaml or .yml are YAML. What goes wrong is a
// Finding.
func ReadFile(path string) (*Node, error) {
	text, err := ReadText(path)
	if err != nil {
		return nil, err
	}
	if ext := filepath.Ext(path); ext == ".yaml" || ext == ".yml" {
		return ParseYAML(path, text)
	}
	return ParseJSON(path, text)
}

// ReadText reads a file. That it cannot be read is a Finding.
func ReadText(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, Unreadable(path, err)
	}
	return text, nil
}

// Reader reads the fields of one object of our own files, with a default for each, and collects what is wrong. Call
// Done last: it reports the keys that nobody asked for.
type Reader struct {
	file  string
	node  *Node
	found *Findings
	asked []string
}

// Read starts reading an object. An absent or null node reads as an empty object; anything but an object is a finding.
func Read(file string, node *Node, found *Findings) *Reader {
	r := &Reader{file: file, node: node, found: found}
	if node != nil && node.Kind != Object && node.Kind != Null {
		r.Report(CodeWrongKind, node.Pos, "this must be an object, but is "+node.Kind.String(),
			"Write key: value pairs here.")
		r.node = nil
	}
	return r
}

// Report adds a finding of severity error.
func (r *Reader) Report(code string, at Pos, message, remedy string) {
	*r.found = append(*r.found, Finding{
		Code:     code,
		Severity: Error,
		File:     r.file,
		Pos:      at,
		Message:  message,
		Remedy:   remedy,
	})
}

// Place returns the place of the value of a key, or the object itself when the key is absent.
func (r *Reader) Place(key string) Pos {
	if n := r.node.Get(key); n != nil {
		return n.Pos
	}
	return r.node.Place()
}

// Node returns the value of a key unchanged, nil when it is absent or null.
func (r *Reader) Node(key string) *Node {
	if !slices.Contains(r.asked, key) {
		r.asked = append(r.asked, key)
	}
	if n := r.node.Get(key); n != nil && n.Kind != Null {
		return n
	}
	return nil
}

// Object starts reading the object under a key.
func (r *Reader) Object(key string) *Reader { return Read(r.file, r.Node(key), r.found) }

// Members returns the members of the object under a key, for objects whose keys are names that the user chose.
func (r *Reader) Members(key string) []Member {
	n := r.Node(key)
	if n != nil && n.Kind != Object {
		r.wrongKind(key, n, "an object")
		return nil
	}
	if n == nil {
		return nil
	}
	return n.Members
}

// Items returns the elements of the array under a key.
func (r *Reader) Items(key string) []*Node {
	n := r.Node(key)
	if n != nil && n.Kind != Array {
		r.wrongKind(key, n, "an array")
		return nil
	}
	if n == nil {
		return nil
	}
	return n.Items
}

// String returns the text under a key; a number or boolean is taken as it is written.
func (r *Reader) String(key, otherwise string) string {
	n := r.Node(key)
	switch {
	case n == nil:
		return otherwise
	case n.Kind == Array || n.Kind == Object:
		r.wrongKind(key, n, "a string")
		return otherwise
	}
	return n.Text
}

// OneOf returns the text under a key, which must be one of allowed.
func (r *Reader) OneOf(key, otherwise string, allowed ...string) string {
	text := r.String(key, otherwise)
	if text != otherwise && !slices.Contains(allowed, text) {
		r.Report(CodeBadValue, r.Place(key), fmt.Sprintf("%s is %q", key, text),
			"Use one of: "+strings.Join(allowed, ", ")+".")
		return otherwise
	}
	return text
}

// Strings returns the texts of the array under a key.
func (r *Reader) Strings(key string) []string {
	var list []string
	for _, item := range r.Items(key) {
		if item.Kind == Array || item.Kind == Object || item.Kind == Null {
			r.wrongKind(key, item, "a list of strings")
			continue
		}
		list = append(list, item.Text)
	}
	return list
}

// Bool returns the boolean under a key.
func (r *Reader) Bool(key string, otherwise bool) bool {
	n := r.Node(key)
	if n == nil {
		return otherwise
	}
	if n.Kind != Bool {
		r.wrongKind(key, n, "true or false")
		return otherwise
	}
	return n.Text == "true"
}

// Int returns the whole number under a key, which must lie between low and high.
func (r *Reader) Int(key string, otherwise, low, high int) int {
	n := r.Node(key)
	if n == nil {
		return otherwise
	}
	value, err := strconv.Atoi(n.Text)
	if n.Kind != Number || err != nil || value < low || value > high {
		r.Report(CodeBadValue, n.Pos, fmt.Sprintf("%s must be a whole number from %d to %d", key, low, high),
			fmt.Sprintf("Write a number such as %d.", min(max(otherwise, low), high)))
		return otherwise
	}
	return value
}

// Duration returns the time span under a key: a text such as 250ms, 12s, 1m30s, or a number of seconds. It is never
// negative.
func (r *Reader) Duration(key string, otherwise time.Duration) time.Duration {
	n := r.Node(key)
	if n == nil {
		return otherwise
	}
	d, err := ParseDuration(n)
	if err != nil {
		r.Report(CodeBadValue, n.Pos, fmt.Sprintf("%s: %v", key, err), "Write a time span such as 250ms, 12s or 1m30s.")
		return otherwise
	}
	return d
}

// ParseDuration reads a time span: a text such as 250ms, 12s, 1m30s, or a number of seconds, not negative and at most a
// year.
func ParseDuration(n *Node) (time.Duration, error) {
	const year = 366 * 24 * time.Hour
	text := n.Text
	if n.Kind == Number {
		text += "s"
	}
	if n.Kind != Number && n.Kind != String {
		return 0, fmt.Errorf("%s is not a time span", n.Kind)
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a time span", n.Text)
	}
	if d < 0 || d > year {
		return 0, fmt.Errorf("the time span %q is not between 0 and a year", n.Text)
	}
	return d, nil
}

// FormatDuration writes a time span for a person, in seconds with as many decimals as it needs: 8 s, 2.5 s, 360 s.
func FormatDuration(d time.Duration) string {
	return strconv.FormatFloat(float64(d.Round(time.Millisecond).Milliseconds())/1000, 'f', -1, 64) + " s"
}

// Done reports every key that was not asked for, with the nearest one that exists.
func (r *Reader) Done() {
	if r.node == nil {
		return
	}
	for _, m := range r.node.Members {
		if slices.Contains(r.asked, m.Key) {
			continue
		}
		remedy := "Known keys: " + strings.Join(r.asked, ", ") + "."
		if near := Nearest(m.Key, r.asked); near != "" {
			remedy = fmt.Sprintf("Did you mean %q? %s", near, remedy)
		}
		r.Report(CodeUnknownKey, m.Pos, fmt.Sprintf("unknown key %q", m.Key), remedy)
	}
}

func (r *Reader) wrongKind(key string, n *Node, want string) {
	remedy := "Write " + want + "."
	if text := n.Scalar(); want == "an array" && text != "" && !strings.ContainsAny(text, "[]{},:#'\"\n") {
		remedy = "Write an array, such as [" + text + "]."
	}
	r.Report(CodeWrongKind, n.Pos, fmt.Sprintf("%s must be %s, but is %s", key, want, n.Kind), remedy)
}

// Nearest returns the candidate that differs from word in at most two letters, "" when there is none.
func Nearest(word string, candidates []string) string {
	best, bestDistance := "", 3
	for _, c := range candidates {
		if d := distance(word, c); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two words, by bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		previous := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := previous
			if a[i] != b[j] {
				cost = 1 + min(previous, row[j], row[j+1])
			}
			previous, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
