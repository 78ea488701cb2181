package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// id is an ID in the form of Connect's.
func id(kind, key string) string {
	h := fmt.Sprintf("%x", sha256.Sum256([]byte(kind+" "+key)))
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:32]}, "-")
}

// connect are the kinds of Amazon Connect, of which the emulator knows instances only.
func (p *provider) connect(kind string) service {
	switch kind {
	case "aws_cloudcontrolapi_resource":
		return p.cloudControl()
	case "aws_connect_lambda_function_association":
		return p.associations(kind)
	case "aws_connect_contact_flow":
		return p.flows(kind, "contact-flow", "contact_flow_id")
	case "aws_connect_contact_flow_module":
		return p.flows(kind, "flow-module", "contact_flow_module_id")
	}
	return p.kept(kind, p.naming(kind)...)
}

// associations let an instance call a function, which must be there and let Connect call it.
func (p *provider) associations(kind string) service {
	s := p.kept(kind, "instance_id", "function_arn")
	keep := s.create
	s.create = func(r record) (record, error) {
		function := r.text("function_arn")
		if strings.Count(function, ":") != 6 {
			return nil, fmt.Errorf("an association takes the ARN of a function without version or alias: %s", function)
		}
		if _, err := p.account.function(function); err != nil {
			return nil, err
		}
		return keep(r)
	}
	return s
}

var functionARN = regexp.MustCompile(`arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+`)

// flows are contact flows or modules. Connect publishes one only when the instance may call the functions that it
// names, and deletes none that another one names.
func (p *provider) flows(kind, path, idAttribute string) service {
	s := p.kept(kind, "instance_id", "name")
	keep, change, drop := s.create, s.update, s.remove
	arn := func(r record) string {
		return p.account.arn("connect", "instance/"+r.text("instance_id")+"/"+path+"/"+id(kind, s.key(r)))
	}
	s.create = func(r record) (record, error) {
		if err := p.publishable(r); err != nil {
			return nil, err
		}
		r["arn"], r[idAttribute] = arn(r), id(kind, s.key(r))
		r["id"] = r.text("instance_id") + ":" + r.text(idAttribute)
		computed, err := keep(r)
		computed["arn"], computed[idAttribute], computed["id"] = r["arn"], r[idAttribute], r["id"]
		return computed, err
	}
	s.update = func(r record) error {
		if err := p.publishable(r); err != nil {
			return err
		}
		return change(r)
	}
	s.remove = func(r record) error {
		if user := p.userOf(r.text("arn")); user != "" {
			return fmt.Errorf("ResourceInUseException: %s is used by the flow %s", r.text("name"), user)
		}
		return drop(r)
	}
	return s
}

// cloudControl are resources that Cloud Control creates in CloudFormation's words: modules of Connect.
func (p *provider) cloudControl() service {
	modules := p.flows("aws_connect_contact_flow_module", "flow-module", "contact_flow_module_id")
	read := func(r record) error {
		if kind := r.text("type_name"); kind != "AWS::Connect::ContactFlowModule" {
			return fmt.Errorf("nothing here creates a resource of the type %s; add it to cloudControl", kind)
		}
		var wanted struct{ InstanceArn, Name, Content string }
		if err := json.Unmarshal([]byte(r.text("desired_state")), &wanted); err != nil {
			return err
		}
		_, instance, _ := strings.Cut(wanted.InstanceArn, "/")
		r["instance_id"], r["name"], r["content"] = instance, wanted.Name, wanted.Content
		return nil
	}
	with := func(do func(record) (record, error)) func(record) (record, error) {
		return func(r record) (record, error) {
			if err := read(r); err != nil {
				return nil, err
			}
			said, err := do(r)
			if err != nil {
				return nil, err
			}
			return record{"id": said["arn"], "properties": r["desired_state"]}, nil
		}
	}
	change := func(do func(record) error) func(record) error {
		return func(r record) error {
			if err := read(r); err != nil {
				return err
			}
			r["arn"] = r["id"]
			return do(r)
		}
	}
	return service{identity: []string{"instance_id", "name"}, fixed: []string{"type_name"},
		create: with(modules.create), read: with(modules.read), update: change(modules.update),
		remove: change(modules.remove)}
}

// flowKinds are the kinds that have content.
var flowKinds = []string{"aws_connect_contact_flow", "aws_connect_contact_flow_module"}

// publishable reports a function that a flow names and that its instance may not call.
func (p *provider) publishable(r record) error {
	content, instance := r.text("content"), r.text("instance_id")
	for _, function := range functionARN.FindAllString(content, -1) {
		if _, err := p.store.get("aws_connect_lambda_function_association", instance+"/"+function); err != nil {
			return fmt.Errorf("InvalidContactFlowException: %s is not associated with the instance", function)
		}
	}
	return nil
}

// userOf is the name of a flow that names another one, "" when there is none.
func (p *provider) userOf(arn string) string {
	user := ""
	for _, kind := range flowKinds {
		p.store.each(kind, func(other record) {
			if strings.Contains(other.text("content"), arn) {
				user = other.text("name")
			}
		})
	}
	return user
}
