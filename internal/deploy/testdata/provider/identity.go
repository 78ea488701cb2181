package main

import (
	"fmt"
	"net/url"
	"strings"
)

func (a *account) iam(action string, form url.Values) (string, error) {
	return a.query("iam", "2010-05-08", action, form)
}

func roles(a *account) service {
	one := func(r record) url.Values { return url.Values{"RoleName": {r.text("name")}} }
	s := service{identity: []string{"name"}, fixed: []string{"path"}}
	s.create = func(r record) (record, error) {
		form := one(r)
		form.Set("AssumeRolePolicyDocument", r.text("assume_role_policy"))
		for name, field := range map[string]string{"path": "Path", "permissions_boundary": "PermissionsBoundary",
			"description": "Description"} {
			if text := r.text(name); text != "" {
				form.Set(field, text)
			}
		}
		_, err := a.iam("CreateRole", form)
		return nil, err
	}
	s.update = func(r record) error {
		form := one(r)
		form.Set("PolicyDocument", r.text("assume_role_policy"))
		if _, err := a.iam("UpdateAssumeRolePolicy", form); err != nil {
			return err
		}
		boundary := r.text("permissions_boundary")
		if boundary == "" {
			_, err := a.iam("DeleteRolePermissionsBoundary", one(r))
			return err
		}
		form = one(r)
		form.Set("PermissionsBoundary", boundary)
		_, err := a.iam("PutRolePermissionsBoundary", form)
		return err
	}
	s.read = func(r record) (record, error) {
		out, err := a.iam("GetRole", one(r))
		if err != nil {
			return nil, err
		}
		trust, err := url.QueryUnescape(element(out, "AssumeRolePolicyDocument"))
		return record{"arn": element(out, "Arn"), "unique_id": element(out, "RoleId"), "path": element(out, "Path"),
			"assume_role_policy": trust}, err
	}
	s.remove = func(r record) error {
		_, err := a.iam("DeleteRole", one(r))
		return err
	}
	return s
}

func rolePolicies(a *account) service {
	one := func(r record) url.Values {
		return url.Values{"RoleName": {r.text("role")}, "PolicyName": {r.text("name")}}
	}
	put := func(r record) error {
		form := one(r)
		form.Set("PolicyDocument", r.text("policy"))
		_, err := a.iam("PutRolePolicy", form)
		return err
	}
	return service{
		identity: []string{"role", "name"},
		create:   func(r record) (record, error) { return nil, put(r) },
		update:   put,
		read: func(r record) (record, error) {
			out, err := a.iam("GetRolePolicy", one(r))
			if err != nil {
				return nil, err
			}
			policy, err := url.QueryUnescape(element(out, "PolicyDocument"))
			return record{"policy": policy, "id": r.text("role") + ":" + r.text("name")}, err
		},
		remove: func(r record) error {
			_, err := a.iam("DeleteRolePolicy", one(r))
			return err
		},
	}
}

// allows reports that a role lacks an action, as services do when they are told to use the role. Conditions and
// resources are for tests of the policies.
func (a *account) allows(roleARN, action string) error {
	name := roleARN[strings.LastIndex(roleARN, "/")+1:]
	out, err := a.iam("ListRolePolicies", url.Values{"RoleName": {name}})
	if err != nil {
		return fmt.Errorf("the role %s cannot be assumed: %w", roleARN, err)
	}
	if policy := element(out, "member"); policy != "" {
		out, err = a.iam("GetRolePolicy", url.Values{"RoleName": {name}, "PolicyName": {policy}})
		if err != nil {
			return err
		}
		document, err := url.QueryUnescape(element(out, "PolicyDocument"))
		if err != nil {
			return err
		}
		if strings.Contains(document, `"`+action+`"`) {
			return nil
		}
	}
	return fmt.Errorf("AccessDeniedException: the role %s may not perform %s", roleARN, action)
}
