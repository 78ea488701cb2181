package loopback_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/connect-async/connect-async/internal/loopback"
)

func TestOnly(t *testing.T) {
	handler := loopback.Only(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))
	tests := []struct {
		host, origin string
		want         int
	}{
		{"127.0.0.1:3001", "", 204},
		{"127.0.0.1", "", 204},
		{"127.1.2.3:1", "", 204},
		{"localhost:3001", "", 204},
		{"LocalHost", "", 204},
		{"[::1]:3001", "", 204},
		{"[::1]", "", 204},
		{"example.com", "", 403},
		{"localhost.example.com:3001", "", 403},
		{"127.0.0.1.example.com", "", 403},
		{"192.168.0.1:3001", "", 403},
		{"0.0.0.0:3001", "", 403},
		{"", "", 403},
		{"127.0.0.1:3001", "http://127.0.0.1:3001", 403},
		{"localhost", "null", 403},
	}
	for _, test := range tests {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Host = test.host
		if test.origin != "" {
			r.Header.Set("Origin", test.origin)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("host %q, origin %q: %d, want %d", test.host, test.origin, w.Code, test.want)
		}
	}
}
