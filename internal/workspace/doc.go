// Package workspace is what belongs to a project on disk, and an account made of it.
//
// It has two halves that share nothing but the project. The one is about files: which project a folder belongs to,
// which files can hold flows and state machines, the flow in a file, which type it has and what deploys it, and how
// long recordings and texts take. The other makes a local account of a project: its functions, their stand-ins, its
// state machines, its tables and its async function. `call`, `serve` and `invoke` run the same functions with the same
// code.
//
// It imports internal/project, internal/scenario, internal/flowlang, internal/template, internal/asl, internal/machine,
// internal/function, internal/httptask, internal/local, internal/lambdaapi, internal/statesapi, internal/async,
// internal/speech, internal/wav, internal/awsfacts, internal/manifest, internal/clock, internal/jsonata, internal/value
// and internal/source. Package lint, which runs nothing, must not import it, since the second half runs processes; the
// command line gives lint what the first half finds.
//
// A Workspace is opened once, gives any number of accounts, and ends its processes with Close.
package workspace
