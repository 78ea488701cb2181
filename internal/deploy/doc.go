// Package deploy prepares what goes to AWS. So far it builds the async function's deployment package.
//
// It imports source. Everything it writes is written under a temporary name and renamed.
package deploy
