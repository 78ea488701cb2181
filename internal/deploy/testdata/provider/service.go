package main

import (
	"fmt"
	"slices"
	"strings"
)

// service says how a kind of resource is created, read, changed and deleted. A record has the attributes of the
// resource by their names in Terraform.
type service struct {
	identity []string // what tells two of the kind apart in an account; a change replaces the resource
	fixed    []string // what else cannot be changed
	renewed  []string // what a change makes new where the resource is published
	create   func(record) (record, error)
	update   func(record) error // nil when nothing of it can be changed
	read     func(record) (record, error)
	remove   func(record) error
}

// key names one resource of the kind.
func (s service) key(r record) string {
	var list []string
	for _, name := range s.identity {
		if v := r[name]; v != nil {
			list = append(list, fmt.Sprint(v))
		}
	}
	return strings.Join(list, "/")
}

// services are the kinds that the emulator knows.
var services = map[string]func(*account) service{
	"aws_cloudwatch_dashboard":                dashboards,
	"aws_cloudwatch_event_rule":               rules,
	"aws_cloudwatch_event_target":             targets,
	"aws_cloudwatch_log_group":                logGroups,
	"aws_cloudwatch_metric_alarm":             alarms,
	"aws_dynamodb_table":                      tables,
	"aws_iam_role":                            roles,
	"aws_iam_role_policy":                     rolePolicies,
	"aws_lambda_alias":                        aliases,
	"aws_lambda_function":                     functions,
	"aws_lambda_function_event_invoke_config": invokeConfigs,
	"aws_lambda_permission":                   permissions,
	"aws_sfn_state_machine":                   stateMachines,
	"aws_sqs_queue":                           queues,
	"aws_sqs_queue_policy":                    queuePolicies,
}

// service is what serves a kind: the emulator, or else the provider's own file.
func (p *provider) service(kind string) service {
	if make, ok := services[kind]; ok {
		return make(p.account)
	}
	if strings.HasPrefix(kind, "aws_connect_") || kind == "aws_cloudcontrolapi_resource" {
		return p.connect(kind)
	}
	return p.kept(kind, p.naming(kind)...)
}

// naming are the attributes that tell two resources of a kind apart, as far as the schema says: those that a
// configuration must have and that are called a name or an ID.
func (p *provider) naming(kind string) []string {
	list := []string{}
	for name, a := range p.schemas.Resources[kind].Block.Attributes {
		called := strings.HasSuffix(name, "name") || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_arn")
		if a.Required && called || name == "name" {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// kept is a kind that the provider keeps in its own file.
func (p *provider) kept(kind string, identity ...string) service {
	s := service{identity: identity}
	s.create = func(r record) (record, error) {
		computed := record{}
		key := s.key(r)
		for name, a := range p.schemas.Resources[kind].Block.Attributes {
			switch {
			case !a.Computed || string(a.Type) != `"string"` || r[name] != nil || name == "region":
			case strings.HasSuffix(name, "arn"):
				computed[name] = p.account.arn(strings.Split(kind, "_")[1], kind+"/"+key)
			default:
				computed[name] = id(kind, key)
			}
		}
		for name, v := range computed {
			r[name] = v
		}
		return computed, p.store.put(kind, key, r)
	}
	s.read = func(r record) (record, error) { return p.store.get(kind, s.key(r)) }
	s.update = func(r record) error { return p.store.put(kind, s.key(r), r) }
	s.remove = func(r record) error { return p.store.remove(kind, s.key(r)) }
	return s
}
