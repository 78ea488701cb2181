package page

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/source"
)

// TestPageIsSmallAndOnlyShowsTexts weighs the page, and looks for ways in which a text could become more than a text,
// and for anything from elsewhere.
func TestPageIsSmallAndOnlyShowsTexts(t *testing.T) {
	const heaviest = 150_000
	risky := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|` +
		`DOMParser|srcdoc|javascript:|style="|onclick="`)
	elsewhere := regexp.MustCompile(`(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}`)
	weight := 0
	files, err := fs.Glob(live, "live/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(live, file)
		if err != nil {
			t.Fatal(err)
		}
		weight += len(text)
		for _, found := range risky.FindAllString(string(text), -1) {
			t.Errorf("%s has %s", file, found)
		}
		for _, found := range elsewhere.FindAllString(string(text), -1) {
			if !strings.HasPrefix(found, "http://www.w3.org") { // a name, not an address
				t.Errorf("%s names %s", file, found)
			}
		}
	}
	if t.Logf("the page weighs %d bytes", weight); weight == 0 || weight > heaviest {
		t.Errorf("the page weighs %d bytes, want %d at most", weight, heaviest)
	}
}

// TestRemediesAreNotRepeated where several findings have the same.
func TestRemediesAreNotRepeated(t *testing.T) {
	found := source.Findings{
		{Message: "a is missing", Remedy: "Add it."}, {Message: "b is wrong", Remedy: "Mend it."},
		{Message: "c is missing", Remedy: "Add it."}, {Message: "d is odd"},
	}
	want := []string{
		found[0].Error(), found[1].Error() + "\nMend it.", found[2].Error() + "\nAdd it.", found[3].Error(),
	}
	got := texts(found)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
