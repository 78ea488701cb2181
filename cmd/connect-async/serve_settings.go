package main

import (
	"fmt"
	"net"
	"strings"
)

// The ports of `serve` where no others are asked for, so that a client can be told before the server runs.
const (
	defaultStatesPort = 8083
	defaultLambdaPort = 3001
)

// The shells for which `serve --export` prints commands.
const (
	shellPOSIX      = "sh"
	shellPowerShell = "powershell"
)

// The variables in which the SDKs and the AWS CLI look for the addresses of services.
const (
	endpointSFN    = "AWS_ENDPOINT_URL_SFN"
	endpointLambda = "AWS_ENDPOINT_URL_LAMBDA"
)

// The Region and the key, which is its own secret, that clients of the server have.
const (
	localRegion = "us-east-1"
	localKey    = "local"
)

// variable is one that a client of the server needs.
type variable struct{ name, value string }

// set is the command that sets the variable in a shell. No value has a character that means something to one.
func (v variable) set(shell string) string {
	if shell == shellPowerShell {
		return fmt.Sprintf("$env:%s = '%s'", v.name, v.value)
	}
	return "export " + v.name + "=" + v.value
}

// clientVariables are what boto3, the other SDKs and both versions of the AWS CLI need to find the server, given as
// HOST:PORT, and to sign requests. boto3 reads the second name of the Region, the newer SDKs the first. The host prefix
// would make them ask sync-127.0.0.1 for StartSyncExecution and TestState.
func clientVariables(states, lambda string) []variable {
	return []variable{
		{endpointSFN, "http://" + states},
		{"AWS_ENDPOINT_URL_DYNAMODB", "http://" + states},
		{endpointLambda, "http://" + lambda},
		{"AWS_REGION", localRegion},
		{"AWS_DEFAULT_REGION", localRegion},
		{"AWS_ACCESS_KEY_ID", localKey},
		{"AWS_SECRET_ACCESS_KEY", localKey},
		{"AWS_DISABLE_HOST_PREFIX_INJECTION", "true"},
	}
}

// printExports prints the commands that set the variables, for a server that runs or will run on these ports.
func (o serveOptions) printExports(t *terminal) error {
	if o.export != shellPOSIX && o.export != shellPowerShell {
		return usage("unknown shell %q (supported: %s, %s).", o.export, shellPOSIX, shellPowerShell)
	}
	if o.port == 0 || o.lambdaPort == 0 {
		return usage("--export needs to know the ports.\nUse --port and --lambda-port with the ports of the server.")
	}
	for _, v := range clientVariables(address(o.port), address(o.lambdaPort)) {
		fmt.Fprintln(t.data, v.set(o.export))
	}
	return nil
}

// exportCommand is what to type in bash or zsh to set the variables for a server on these ports.
func exportCommand(states, lambda int) string {
	var b strings.Builder
	b.WriteString("connect-async serve --export")
	if states != defaultStatesPort {
		fmt.Fprintf(&b, " --port %d", states)
	}
	if lambda != defaultLambdaPort {
		fmt.Fprintf(&b, " --lambda-port %d", lambda)
	}
	return `eval "$(` + b.String() + `)"`
}

// address is where a server of this machine listens.
func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

func portOf(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }
