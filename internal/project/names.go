package project

import "slices"

// AsyncName is the name of the async function in AWS and in the local account.
func (p *Project) AsyncName() string { return p.Name + "-async" }

// ResultsTable is the name of the results table, "" when no job keeps its results in one. There is one async function, so that
// one job with a table means a table for all.
func (p *Project) ResultsTable() string {
	if slices.ContainsFunc(p.Jobs, func(j Job) bool { return j.Results == "table" }) {
		return p.Name + "-results"
	}
	return ""
}

// StateMachineName is the name of a job's state machine.
func (p *Project) StateMachineName(j Job) string { return p.Name + "-" + j.Name }

// LocalARNs maps the ARNs that functions of the project have in AWS to those that they have elsewhere.
func (p *Project) LocalARNs(functionARN func(name string) string) map[string]string {
	arns := map[string]string{}
	for _, f := range p.Functions {
		if f.ARN != "" {
			arns[f.ARN] = functionARN(f.Name)
		}
	}
	return arns
}
