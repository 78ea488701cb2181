// Package instancetest is Amazon Connect's API as far as flows and what they name go: it lists, describes, creates and
// updates, and refuses what the service refuses to publish. Shapes and paths are those of the service's model (Connect
// 2017-08-08); what publishing refuses is what flowlang knows of it, and things that the instance does not have.
//
// It imports internal/clock, internal/flowlang and internal/source. Only tests import it. A Server is ended by its
// test; its fields are changed only while no request is under way.
package instancetest
