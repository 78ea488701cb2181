package standin

import (
	"net"
	"net/url"
	"strings"
)

// OnThisMachine reports whether a URL leads to a server on this machine, by its name or address. Requests of
// http:invoke to other machines are not made.
func OnThisMachine(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return strings.EqualFold(u.Hostname(), "localhost") || ip != nil && ip.IsLoopback()
}
