// Package style writes contact flows and modules that start the async function, talk to the caller until it is done,
// and tell the result: one style for each way in which Amazon Connect lets a flow wait.
//
// Generate is all of it: Options in, the flow's JSON out, the same bytes for the same options. Nothing is kept.
// It imports internal/flowlang, internal/flowfmt, internal/layout, internal/async, internal/project for the names of
// the styles, and internal/source.
package style
