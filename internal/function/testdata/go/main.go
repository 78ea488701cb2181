// The function of the behaviour tests as a program of its own.
package main

import "github.com/connect-async/connect-async/internal/function/testdata/go/handler"

func main() { handler.Start() }
