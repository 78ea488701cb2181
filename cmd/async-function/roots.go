package main

import (
	"crypto/x509"
	"os"
)

// bundles are where Linux keeps all certificate authorities in one file, Amazon Linux the second.
var bundles = []string{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"}

// loadRoots loads the certificate authorities while the process asks for its first event. Besides the bundle Go would
// read every file of the system's certificate directories, which holds the same authorities again: most of the time
// until the first reply, measured with bench. SSL_CERT_FILE and SSL_CERT_DIR mean what they always mean. Then it calls
// loaded.
func loadRoots(loaded func()) {
	if os.Getenv("SSL_CERT_DIR") == "" && haveBundle() {
		_ = os.Setenv("SSL_CERT_DIR", os.DevNull) // no directory
	}
	go func() {
		_, _ = x509.SystemCertPool()
		loaded()
	}()
}

func haveBundle() bool {
	files := bundles
	if file := os.Getenv("SSL_CERT_FILE"); file != "" {
		files = []string{file}
	}
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && info.Size() > 0 {
			return true
		}
	}
	return false
}
