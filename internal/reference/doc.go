// Package reference describes the files that people write: the project file and scenarios. For each there is a JSON
// schema, for editors, and a page, for readers; both come from the tables by which the files are read.
//
// It imports internal/form, internal/lint, internal/project and internal/scenario, and keeps nothing.
package reference
