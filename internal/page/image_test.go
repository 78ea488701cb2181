package page_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/page"
)

// TestImage writes an image that stands alone: valid XML, with its own style, and masked.
func TestImage(t *testing.T) {
	c := page.Caller{
		Events: []call.Event{
			{Type: call.TypeConnected, Text: "+15550100"},
			{Type: call.TypeSays, Text: "You owe 4711.", Took: 2 * time.Second, Values: []string{"4711"}},
			{Type: call.TypeEnded, At: 5 * time.Second, Status: "hung up"},
		},
		Summary: call.Summary{Duration: 5 * time.Second, Spoken: true,
			Silences: []call.Gap{{At: 2 * time.Second, Took: 3 * time.Second, Level: call.Note}}},
	}
	for _, withData := range []bool{true, false} {
		var b bytes.Buffer
		if err := page.WriteImage(&b, c, withData); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if strings.Contains(text, "4711") != withData || !strings.Contains(text, "<style>") ||
			!strings.HasPrefix(text, `<svg xmlns="http://www.w3.org/2000/svg"`) {
			t.Errorf("with data %v: %s", withData, text)
		}
		in := xml.NewDecoder(&b)
		for {
			if _, err := in.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
}
