// Package deploy says what to create in AWS for a project, and prepares it.
//
// Describe makes the one resource model, a Stack, from a checked project. Export renders a Stack for a tool: Terraform,
// CloudFormation, CDK or Pulumi. Each kind of resource has a file of its own, which says what it is in the two vocabularies there
// are: CloudFormation's (which CDK's first level shares) and the Terraform provider's (which Pulumi's shares). BuildZip builds the
// async function's deployment package. NewProject writes the files of a project that begins. Ways and Shortages reckon what a month
// costs, and whether quotas hold. Verify asks AWS whether a deployed set-up works.
//
// The package imports clock, source, flow, project, machine, style, awsfacts and the AWS SDK, which only Verify uses. A Stack is made
// once and never written to again; the same project gives the same bytes.
package deploy
