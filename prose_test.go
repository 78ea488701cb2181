package connectasync_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// translated are words that read as if they were translated, with what to write instead.
var translated = []struct {
	word    string // in every line that the pattern matches: looking for it first is quick
	pattern *regexp.Regexp
	instead string
}{
	{"anew", regexp.MustCompile(`\banew\b`), "again"},
	{"of the form", regexp.MustCompile(`\b(arn|name|text|id) of the form\b`), "an example instead"},
	{"hand", regexp.MustCompile(`\b(hands|handed) (it |them |this )?on\b`), "passes"},
	{"deed", regexp.MustCompile(`\bdeeds?\b`), "step"},
	{"reckon", regexp.MustCompile(`\breckon`), "estimate or count"},
	{"in place of", regexp.MustCompile(`\bin place of\b`), "instead of"},
	{"carries out", regexp.MustCompile(`\bcarries out\b`), "runs or performs"},
	{"against", regexp.MustCompile(`\bholds \w+ against\b`), "compares or checks against"},
	{"seldom", regexp.MustCompile(`\bseldom\b`), "rarely"},
	{"stands", regexp.MustCompile(`\b(where|how|what|that|it) (\w+ ){0,2}stands (in|at|between|before|after|there)\b`),
		"is or comes"},
	{"is no", regexp.MustCompile(`\bis no (error|fault|secret|flow|file|type|log|number|text|list|object)\b`),
		"is not a"},
}

// rightUses are uses of these words that are right, by the text around them.
var rightUses = strings.NewReplacer(
	"call-unclear-deed", "", // a former code, which the changelog names
	"there is no ", "",
)

// TestProseReadsLikeEnglish looks for such words in the project's documents, its code and what its code prints.
func TestProseReadsLikeEnglish(t *testing.T) {
	for _, file := range append(goFiles(t), filesOf(t, ".md", 10)...) {
		if file == "prose_test.go" || strings.Contains(file, "/testdata/") {
			continue
		}
		text, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(strings.ToLower(string(text)), "\n") {
			if instead := readsTranslated(line); instead != "" {
				t.Errorf("%s:%d: write %s: %s", file, n+1, instead, strings.TrimSpace(line))
			}
		}
	}
}

// readsTranslated returns what to write instead, "" when a line in lower case is fine.
func readsTranslated(line string) string {
	for _, t := range translated {
		if strings.Contains(line, t.word) && t.pattern.MatchString(rightUses.Replace(line)) {
			return t.instead
		}
	}
	return ""
}

func TestReadsTranslated(t *testing.T) {
	for line, want := range map[string]bool{
		"the question is asked anew":        true,
		"an arn of the form arn:aws:…":      true,
		"where the field stands in it":      true,
		"an expression that stands between": true,
		"x is no type":                      true,
		"there is no type of this name":     false,
		"* stands for any text":             false,
		"your request has been carried out": false,
		"`call-unclear-deed` is now a step": false,
	} {
		if got := readsTranslated(line) != ""; got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}
