// Package loopback keeps other machines and web pages away from the servers that this program opens.
//
// It imports nothing of this module and holds no state.
package loopback

import (
	"net"
	"net/http"
	"strings"
)

// Only lets through what programs on this machine ask: the Host must be a name of this machine, so that a foreign
// name which was made to point here reaches nothing, and there must be no Origin, which browsers send along with what
// a page asks. Everything else gets 403.
func Only(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !Names(r.Host):
			http.Error(w, "this server answers to 127.0.0.1 and localhost only", http.StatusForbidden)
		case len(r.Header.Values("Origin")) > 0:
			http.Error(w, "this server does not answer web pages", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// Names reports whether a host, with or without a port, is this machine.
func Names(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
