// A function for tests that does at once what its parameter "do" says.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
)

type event struct {
	Details struct {
		Parameters map[string]string
	}
	Execution struct{ ID, Name string } `json:"execution"`
}

func main() { lambda.Start(handle) }

func handle(ctx context.Context, e event) (any, error) {
	switch e.Details.Parameters["do"] {
	case "fail":
		return nil, errors.New("no such account")
	case "exit":
		os.Exit(3)
	case "hang":
		<-ctx.Done()
		select {}
	case "garbage":
		fmt.Println("\x00\xff{not json")
		return "just a text", nil
	}
	if e.Execution.Name == "" {
		return map[string]string{"seen": "no execution"}, nil
	}
	return map[string]string{"seen": "its execution"}, nil
}
