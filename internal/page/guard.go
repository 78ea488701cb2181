package page

import (
	"crypto/subtle"
	"net/http"
	"slices"
)

// tokenHeader carries the token of the page's address. A page of another origin cannot set it.
const tokenHeader = "X-Page-Token"

// policy lets the page load nothing but what this server has, and lets nobody put it into a frame.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard lets through what the page itself asks: the Host is the listener's, so that a foreign name which was made to
// point here reaches nothing; there is no other Origin and no other site; and requests that change something, or tell
// of callers, have the token.
type guard struct {
	host, token string
	next        http.Handler
}

// ServeHTTP implements http.Handler.
func (g guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if refusal := g.refusal(r); refusal != "" {
		http.Error(w, refusal, http.StatusForbidden)
		return
	}
	g.next.ServeHTTP(w, r)
}

// refusal says why a request is refused, "" when it is not.
func (g guard) refusal(r *http.Request) string {
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	origins := r.Header.Values("Origin")
	switch {
	case r.Host != g.host:
		return "this page is at http://" + g.host
	case len(origins) == 0 && !reads, len(origins) > 1, len(origins) == 1 && origins[0] != "http://"+g.host:
		return "this server answers its own page only"
	case !slices.Contains([]string{"", "same-origin", "none"}, r.Header.Get("Sec-Fetch-Site")):
		return "this server answers its own page only"
	case isAsset(r.URL.Path) && reads:
		return ""
	case subtle.ConstantTimeCompare([]byte(r.Header.Get(tokenHeader)), []byte(g.token)) != 1:
		return "the token is missing or wrong: open the whole address that the command printed"
	}
	return ""
}
