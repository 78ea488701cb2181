// Package deploy says what to create in AWS for a project, and prepares it.
//
// Describe makes the one resource model, a Stack, from a checked project. Export renders a Stack for a tool: Terraform,
// CloudFormation, CDK or Pulumi. Each kind of resource has a file of its own, which says what it is in the two vocabularies there
// are: CloudFormation's (which CDK's first level shares) and the Terraform provider's (which Pulumi's shares). BuildZip builds the
// async function's deployment package. Verify asks AWS whether a deployed set-up works.
//
// The package imports source, flow, project, machine and awsfacts. A Stack is made once and never written to again; the same
// project gives the same bytes.
package deploy
