package page

import (
	"io"
	"strings"

	"github.com/connect-async/connect-async/internal/call"
)

// WriteImage writes the call of one caller as an SVG image: what they heard, every silence, and what was invoked, on a
// time axis. What belongs to the caller is masked unless withData is set.
func WriteImage(w io.Writer, c Caller, withData bool) error {
	var m call.Mask
	if !withData {
		m = call.MaskOf(c.Events, c.Summary)
	}
	open, rest, _ := strings.Cut(string(axis(c, m)), ">")
	ground := `<rect width="100%" height="100%" class="stripe-ground"/>`
	_, err := io.WriteString(w, strings.Replace(open, "<svg", `<svg xmlns="http://www.w3.org/2000/svg"`, 1)+
		"><style>\n"+reportCSS+"</style>"+ground+rest+"\n")
	return err
}
