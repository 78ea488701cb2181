package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"
)

// bundleName is the file with the machine's certificate authorities and ours.
const bundleName = "authorities.pem"

// systemBundles are where Linux distributions keep theirs.
var systemBundles = []string{
	"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
}

// runningFor is how long the execution has run at each check, as it usually has when a caller waits. About one that
// runs for longer than its job may take, the async function writes a warning into its log, which costs a twentieth of a
// reply.
const runningFor = 5 * time.Second

// serveStepFunctions serves DescribeExecution of a running execution over HTTPS, and writes the bundle that trusts it
// into folder.
func serveStepFunctions(folder string) (*httptest.Server, error) {
	certificate, err := makeCertificate()
	if err != nil {
		return nil, err
	}
	if err := writeBundle(folder, certificate); err != nil {
		return nil, err
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = fmt.Fprintf(w,
			`{"executionArn":"arn:aws:states:eu-west-2:111122223333:execution:Balance:x",
				"stateMachineArn":"arn:aws:states:eu-west-2:111122223333:stateMachine:Balance","name":"x",
				"status":"RUNNING","startDate":%.3f,"input":"{}","inputDetails":{"included":true}}`,
			float64(wall.Now().Add(-runningFor).UnixMilli())/1000)
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.StartTLS()
	return server, nil
}

// makeCertificate makes one for 127.0.0.1 that is its own authority.
func makeCertificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := wall.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "bench"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

func writeBundle(folder string, certificate tls.Certificate) error {
	for _, path := range systemBundles {
		authorities, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		ours := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
		return os.WriteFile(filepath.Join(folder, bundleName), append(authorities, ours...), 0o600)
	}
	return fmt.Errorf("no bundle of certificate authorities at any of %v", systemBundles)
}
