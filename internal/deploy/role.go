package deploy

// role is an IAM role with one inline policy.
type role struct {
	name       string // async, ends, or the id of a state machine
	roleName   text
	service    string // that may assume it
	condition  object // of the trust, nil for none
	statements []statement
	stack      *Stack
}

// statement allows actions on resources.
type statement struct {
	sid       string
	reason    string // why the resources cannot be narrower; written beside the statement
	actions   []string
	resources []text
}

// roles are the roles to create: none for those that were given.
func (s *Stack) roles() []role {
	var list []role
	if s.settings.StateMachineRoleARN == "" {
		for _, m := range s.machines {
			list = append(list, m.role())
		}
	}
	if s.settings.RoleARN == "" {
		list = append(list, role{name: "async", roleName: textOf(s.names().AsyncRole(base)),
			service:    "lambda.amazonaws.com",
			statements: s.asyncStatements(), stack: s})
	}
	if s.hasTable() && s.settings.EndsRoleARN == "" {
		list = append(list, role{name: endsName, roleName: textOf(s.names().EndsRole(base)),
			service: "lambda.amazonaws.com", statements: s.endsStatements(), stack: s})
	}
	return list
}

func (r role) trust() object {
	allow := properties("Effect", "Allow", "Principal", properties("Service", r.service), "Action", "sts:AssumeRole")
	if r.condition != nil {
		allow = allow.with("Condition", r.condition)
	}
	return properties("Version", "2012-10-17", "Statement", list{allow})
}

func (r role) cloudFormation() resource {
	return resource{key: "role." + r.name, kind: "AWS::IAM::Role", properties: properties(
		"RoleName", r.roleName,
		"Path", textOf("${var.role_path}"),
		"PermissionsBoundary", fromVariable("permissions_boundary_arn"),
		"AssumeRolePolicyDocument", encoded(r.trust()),
	)}
}

func (r role) terraform() resource {
	return resource{key: "role." + r.name, kind: "aws_iam_role", properties: properties(
		"name", r.roleName,
		"path", textOf("${var.role_path}"),
		"permissions_boundary", fromVariable("permissions_boundary_arn"),
		"assume_role_policy", encoded(r.trust()),
	)}
}

// policy is the inline policy of the role.
func (r role) policy() policy { return policy{role: r} }

type policy struct{ role role }

func (p policy) document() object {
	var statements list
	for _, s := range p.role.statements {
		var actions, resources list
		for _, a := range s.actions {
			actions = append(actions, plain(a))
		}
		for _, r := range s.resources {
			resources = append(resources, r)
		}
		o := object{{key: "Sid", value: plain(s.sid), comment: s.reason}}
		statements = append(statements,
			o.with("Effect", plain("Allow")).with("Action", actions).with("Resource", resources))
	}
	return properties("Version", "2012-10-17", "Statement", statements)
}

func (p policy) cloudFormation() resource {
	return resource{key: "policy." + p.role.name, kind: "AWS::IAM::RolePolicy", properties: properties(
		"RoleName", textOf("${role."+p.role.name+".name}"),
		"PolicyName", "connect-async",
		"PolicyDocument", encoded(p.document()),
	)}
}

func (p policy) terraform() resource {
	return resource{key: "policy." + p.role.name, kind: "aws_iam_role_policy", properties: properties(
		"role", textOf("${role."+p.role.name+".name}"),
		"name", "connect-async",
		"policy", encoded(p.document()),
	)}
}
