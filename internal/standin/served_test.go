package standin_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/standin"
)

func TestOnThisMachine(t *testing.T) {
	for address, want := range map[string]bool{
		"http://127.0.0.1:8080/a": true, "https://[::1]/": true, "http://localhost": true, "HTTP://LocalHost:1": true,
		"": false, "localhost:80": false, "http://localhost.example.com": false, "http://localhost@example.com": false,
		"http://10.0.0.1": false, "http://[::2]": false, "ftp://localhost": false, "http://${Host}/": false,
		"http://2130706433/": false, "http://0.0.0.0/": false, "//localhost/": false, "http://%": false,
	} {
		if got := standin.OnThisMachine(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

func TestServedTask(t *testing.T) {
	for task, want := range map[[3]string]bool{
		{"http", "invoke", "http://localhost/"}:           true,
		{"http", "invoke", ""}:                            true,
		{"http", "invoke", "https://api.example.com"}:     false,
		{"apigateway", "invoke", "http://localhost/"}:     false,
		{"sqs", "sendMessage", "https://api.example.com"}: true,
	} {
		if got := standin.ServedTask(task[0], task[1], task[2]); got != want {
			t.Errorf("%v: %v", task, got)
		}
	}
	if standin.Served("http", "invoke") {
		t.Error("a recorded HTTP Task went to another machine: it needs a stand-in")
	}
}
