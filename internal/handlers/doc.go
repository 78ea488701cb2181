// Package handlers knows what a Lambda function's handler and runtime mean, and finds them in the files of a function,
// without running anything.
//
// It imports nothing of this module. Whoever runs functions, checks them or writes projects builds on it. It holds no
// state.
package handlers
