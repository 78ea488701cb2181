package function

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// take returns everything that was written before it was called, and nothing of what was written later, however the
// bytes fall into pieces and whatever they are.
func TestOutputTake(t *testing.T) {
	o, err := newOutput()
	if err != nil {
		t.Fatal(err)
	}
	defer o.close()
	random := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		var want bytes.Buffer
		for range random.IntN(4) {
			piece := make([]byte, random.IntN(3000))
			for i := range piece {
				piece[i] = o.mark[random.IntN(len(o.mark))] // as much like a mark as can be
			}
			piece = append([]byte{'z'}, piece...) // but never one
			if random.IntN(2) == 0 {
				piece = append(piece, o.mark[:random.IntN(len(o.mark))]...)
			}
			want.Write(piece)
			if _, err := o.w.Write(piece); err != nil {
				t.Fatal(err)
			}
		}
		if got := o.take(); !bytes.Equal(got, want.Bytes()) {
			t.Fatalf("got %d bytes, want %d", len(got), want.Len())
		}
	}
}

func TestOutputKeepsTheNewestPart(t *testing.T) {
	o, err := newOutput()
	if err != nil {
		t.Fatal(err)
	}
	defer o.close()
	for range 33 {
		if _, err := o.w.WriteString(strings.Repeat("x", maxLog/32)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.w.WriteString("the end"); err != nil {
		t.Fatal(err)
	}
	got := string(o.take())
	if want := "(32775 earlier bytes of output were dropped)\nxxx"; !strings.HasPrefix(got, want) ||
		!strings.HasSuffix(got, "xthe end") {
		t.Errorf("got %.60s … %s, %d bytes", got, got[len(got)-10:], len(got))
	}
	if got := o.take(); len(got) > 0 {
		t.Errorf("got %q again", got)
	}
}
