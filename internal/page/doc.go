// Package page shows calls to people who look at them: as a report in one HTML file, which needs nothing else, no
// script and no network, and is the same to the byte for the same call.
//
// What happened and the words for it come from internal/call. It imports internal/call.
package page
