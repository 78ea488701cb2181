// Package lambdaapi is Lambda's HTTP API over the functions of this machine, as far as their callers need it:
// Invoke, GetFunction, GetFunctionConfiguration and ListFunctions. AWS SDKs and the AWS command line work with it
// unchanged when their endpoint is set to it; requests are not authenticated.
//
// It translates the protocol and answers programs on this machine only. An API lives from New to Close, which ends the
// asynchronous invocations that still run.
//
// It imports internal/awsfacts, internal/clock, internal/function, internal/loopback and internal/source.
package lambdaapi
