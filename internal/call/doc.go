// Package call plays one contact on this machine: the flow, the async function, the state machine and the functions
// behind it, and the caller. It keeps the timeline: what the caller hears and when, and how long there was silence.
//
// A Scenario says what happens and is read from a YAML file. New puts a Call together and checks it; Play plays it,
// on real or on virtual time, any number of times. The package may import everything below it in the import table of
// docs/architecture.md.
package call
