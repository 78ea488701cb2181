// Package template reads the files in which contact flows, flow modules and state machines are kept: JSON by itself,
// the AWS CLI's answers, CloudFormation in JSON and YAML, Terraform and its templates and plans, and JSON text in any
// other file.
//
// It gives each of them as one tree of nodes, the same in whatever wrapping, whose places are places in the file.
// What the deployment fills in stays in the tree as a text such as ${Name.Arn}. A file that holds a flow which cannot
// be read is named as unread, with the reason: it never looks like a file without flows.
//
// It recognises documents by their outer shape and knows nothing else of the two languages, so it imports
// internal/source and the parser of Terraform's language, and neither the readers of the languages nor the engines
// import it. A Document is a value that is never written to again.
package template
