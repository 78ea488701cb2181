// Package call plays one contact on this machine: the flow, the async function, the state machine and the functions
// behind it, and the caller. It keeps the timeline: what the caller hears and when, and how long there was silence.
//
// A scenario.Scenario says what happens. New puts a Call together and checks it; Play plays it, on real or on virtual
// time, any number of times. Live plays it while somebody watches and takes part: it tells of events as they happen,
// lets the caller act and the world change, and records what was done as a scenario.
//
// It may import everything below it in the table of docs/architecture.md.
package call
