package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

//go:embed peer.cjs
var peerScript []byte

// peerPackage is what the account is compared with.
const peerPackage = "aws-local-stepfunctions@3.0.0"

type peerRates struct{ Prepared, Fresh float64 }

// measurePeer runs the same executions with the npm package.
func measurePeer(ctx context.Context, n int, modules string) (rates peerRates, err error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return rates, err
	}
	defer os.RemoveAll(folder)
	if modules == "" {
		modules = folder
		install := exec.CommandContext(ctx, "npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix",
			folder, peerPackage)
		install.WaitDelay = time.Second
		if text, err := install.CombinedOutput(); err != nil {
			return rates, fmt.Errorf("npm install %s: %w\n%s", peerPackage, err, text)
		}
	}
	script, subject := filepath.Join(folder, "peer.cjs"), filepath.Join(folder, "subject.json")
	if err := os.WriteFile(script, peerScript, 0o600); err != nil {
		return rates, err
	}
	text := fmt.Sprintf(`{"definition":%s,"input":%s}`, twoStates, input)
	if err := os.WriteFile(subject, []byte(text), 0o600); err != nil {
		return rates, err
	}
	node := exec.CommandContext(ctx, "node", script, subject, strconv.Itoa(n), strconv.Itoa(width))
	node.Env = append(os.Environ(), "NODE_PATH="+filepath.Join(modules, "node_modules"))
	node.Stderr, node.WaitDelay = os.Stderr, time.Second
	out, err := node.Output()
	if err != nil {
		return rates, err
	}
	return rates, json.Unmarshal(out, &rates)
}
