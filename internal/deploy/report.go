package deploy

import (
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/project"
)

// reportPolicy lets the role of a function write how far it is: one attribute of the items that are for that, and
// nothing of any other. The role is the user's own; docs/progress.md describes it.
type reportPolicy struct {
	function string
	stack    *Stack
}

// reporting are the functions that report how far they are.
func (s *Stack) reporting() []project.Function {
	var list []project.Function
	for _, f := range s.wrapped {
		if s.project.IsReporting(f.Name) {
			list = append(list, f)
		}
	}
	return list
}

// reportPolicies are those of all functions that report.
func (s *Stack) reportPolicies() []item {
	var list []item
	for _, f := range s.reporting() {
		list = append(list, reportPolicy{function: f.Name, stack: s})
	}
	return list
}

// reportVariables are the names of the roles of functions that report.
func (s *Stack) reportVariables() []variable {
	var list []variable
	for _, f := range s.reporting() {
		list = append(list, variable{name: reportVariable(f.Name), value: f.ProgressRole, accepts: roleNameRule,
			description: "Name of the role of the function " + f.Name + ", which reports how far it is"})
	}
	return list
}

func reportVariable(function string) string { return identifier(function) + "_progress_role_name" }

// document allows one attribute beside the key, of the items of this function's reports alone. Source of the condition
// keys: DynamoDB developer guide, "Using IAM policy conditions for fine-grained access control". An update that returns
// the item would show the rest of it, so that none may. The customer's key, which may protect more than the table, is
// for DynamoDB's use only (KMS developer guide, "kms:ViaService").
func (p reportPolicy) document() object {
	condition := properties(
		"ForAllValues:StringEquals", properties("dynamodb:Attributes",
			list{plain(async.ItemExecution), plain(async.ItemReport)}),
		"ForAllValues:StringLike", properties("dynamodb:LeadingKeys", list{plain(async.ReportKey(p.function, "*"))}),
		"StringEqualsIfExists", properties("dynamodb:ReturnValues", "NONE"),
		"Null", properties("dynamodb:LeadingKeys", "false"),
	)
	statements := list{properties("Sid", "Report", "Effect", "Allow", "Action", list{plain("dynamodb:UpdateItem")},
		"Resource", list{textOf(arnTable)}, "Condition", condition)}
	if p.stack.settings.Encryption {
		statements = append(statements, properties("Sid", "Key", "Effect", "Allow",
			"Action", list{plain("kms:Decrypt"), plain("kms:GenerateDataKey")},
			"Resource", list{textOf("${var.kms_key_arn}")},
			"Condition", properties("StringLike",
				properties("kms:ViaService", textOf("dynamodb.${region}.amazonaws.com*")))))
	}
	return properties("Version", "2012-10-17", "Statement", statements)
}

func (p reportPolicy) key() string { return "policy." + identifier(p.function) + "-report" }

// policyName differs for each function, since several may have one role.
func (p reportPolicy) policyName() text { return textOf(base + "-progress-" + p.function) }

func (p reportPolicy) cloudFormation() resource {
	return resource{key: p.key(), kind: "AWS::IAM::RolePolicy", properties: properties(
		"RoleName", textOf("${var."+reportVariable(p.function)+"}"),
		"PolicyName", p.policyName(),
		"PolicyDocument", encoded(p.document()),
	)}
}

func (p reportPolicy) terraform() resource {
	return resource{key: p.key(), kind: "aws_iam_role_policy", properties: properties(
		"role", textOf("${var."+reportVariable(p.function)+"}"),
		"name", p.policyName(),
		"policy", encoded(p.document()),
	)}
}
