// Package deploy says what to create in AWS for a project, and writes it for the tool that creates it.
//
// Describe makes the one resource model, a Stack, from a checked project. Export renders a Stack for one of the Tools:
// Terraform, CloudFormation, CDK or Pulumi. Each kind of resource has its own file, which says what it is in the
// two vocabularies there are: CloudFormation's (which CDK's first level shares) and the Terraform provider's (which
// Pulumi's shares). Stack.Deployment says the same to those who look for what was created.
//
// It imports internal/project, internal/machine, internal/asl, internal/async, internal/flowlang, internal/template,
// internal/arn, internal/workspace, internal/awsfacts and internal/source, and no SDK. A Stack is made once and never
// written to again; the same project gives the same bytes.
package deploy
