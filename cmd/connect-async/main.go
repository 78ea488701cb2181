// Command connect-async puts slow Lambda functions behind AWS Step Functions for Amazon Connect, and plays the calls on
// this machine. Each verb has its own file.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], terminalOf(os.Getenv, os.Stdin, os.Stdout, os.Stderr))
	stop()
	os.Exit(code)
}
