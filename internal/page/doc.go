// Package page shows calls to people who look at them. A Report is one HTML file, which needs nothing else, no script
// and no network, and is the same to the byte for the same call. A Server is a page on this machine, where somebody
// watches a call while it goes on, is the caller, and saves what they did as a scenario; and sees what many callers
// come to, which whoever makes the Server plays.
//
// What happened and the words for it come from internal/call, what is drawn from internal/draw; the page in the folder
// live only shows them. A Server lives from NewServer until the context of Serve is done; of the calls that it has
// played it keeps the latest few, and one at most goes on.
//
// It imports internal/call, internal/clock, internal/draw, internal/flow, internal/flowlang, internal/local,
// internal/player, internal/project, internal/scenario, internal/source, internal/speech and internal/workspace.
package page
