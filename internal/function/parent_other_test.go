//go:build !linux

package function_test

const holdEnv = ""

func hold() {}
