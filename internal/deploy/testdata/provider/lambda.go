package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
)

const functionsPath = "/2015-03-31/functions"

func (a *account) lambda(method, path string, in record) (record, error) {
	return a.rest("lambda", method, path, in)
}

// function reads a function by its name or ARN.
func (a *account) function(name string) (record, error) {
	return a.lambda(http.MethodGet, functionsPath+"/"+url.PathEscape(name), nil)
}

// functionFields are the attributes of a function's configuration and their names in the API.
var functionFields = map[string]string{"description": "Description", "runtime": "Runtime", "handler": "Handler",
	"memory_size": "MemorySize", "timeout": "Timeout", "role": "Role"}

func functions(a *account) service {
	path := func(r record) string { return functionsPath + "/" + r.text("function_name") }
	s := service{identity: []string{"function_name"}, fixed: []string{"architectures"},
		renewed: []string{"version", "qualified_arn", "qualified_invoke_arn"}}
	s.create = func(r record) (record, error) {
		in := functionConfiguration(r)
		code, err := packageOf(r)
		if err != nil {
			return nil, err
		}
		in["FunctionName"], in["Architectures"], in["Publish"] = r["function_name"], r["architectures"], r["publish"]
		in["Code"] = record{"ZipFile": code}
		out, err := a.lambda(http.MethodPost, functionsPath, in)
		if err != nil {
			return nil, err
		}
		return record{"version": out["Version"]}, a.reserve(r)
	}
	s.update = func(r record) error {
		code, err := packageOf(r)
		if err != nil {
			return err
		}
		if _, err := a.lambda(http.MethodPut, path(r)+"/configuration", functionConfiguration(r)); err != nil {
			return err
		}
		out, err := a.lambda(http.MethodPut, path(r)+"/code", record{"ZipFile": code, "Publish": r["publish"]})
		if err != nil {
			return err
		}
		if r["version"] == nil {
			r["version"] = out["Version"]
		}
		return a.reserve(r)
	}
	s.read = func(r record) (record, error) { return a.readFunction(r) }
	s.remove = func(r record) error {
		_, err := a.lambda(http.MethodDelete, path(r), nil)
		return err
	}
	return s
}

func functionConfiguration(r record) record {
	in := record{}
	for name, field := range functionFields {
		if v := r[name]; v != nil {
			in[field] = v
		}
	}
	if environment := r.block("environment"); environment != nil {
		in["Environment"] = record{"Variables": environment["variables"]}
	}
	return in
}

func packageOf(r record) (string, error) {
	content, err := os.ReadFile(r.text("filename"))
	return base64.StdEncoding.EncodeToString(content), err
}

// reserve sets or removes the reserved concurrency.
func (a *account) reserve(r record) error {
	path := "/2017-10-31/functions/" + r.text("function_name") + "/concurrency"
	if reserved := r["reserved_concurrent_executions"]; reserved != nil {
		_, err := a.lambda(http.MethodPut, path, record{"ReservedConcurrentExecutions": reserved})
		return err
	}
	_, err := a.lambda(http.MethodDelete, path, nil)
	return err
}

func (a *account) readFunction(r record) (record, error) {
	out, err := a.function(r.text("function_name"))
	if err != nil {
		return nil, err
	}
	configuration := asRecord(out["Configuration"])
	arn := configuration.text("FunctionArn")
	said := record{"arn": arn, "invoke_arn": "arn:" + a.partition + ":apigateway:" + a.region +
		":lambda:path" + functionsPath + "/" + arn + "/invocations"}
	for name, field := range functionFields {
		said[name] = configuration[field]
	}
	if version := r.text("version"); version != "" {
		said["qualified_arn"] = arn + ":" + version
		said["qualified_invoke_arn"] = strings.Replace(said.text("invoke_arn"), arn, arn+":"+version, 1)
	}
	return said, nil
}

func aliases(a *account) service {
	path := func(r record) string {
		name := r.text("function_name")
		if i := strings.LastIndex(name, ":function:"); i >= 0 {
			name = name[i+len(":function:"):]
		}
		return functionsPath + "/" + name + "/aliases"
	}
	in := func(r record) record {
		weights := asRecord(r.block("routing_config")["additional_version_weights"])
		if weights == nil { // what is not sent stays as it was
			weights = record{}
		}
		return record{"Name": r["name"], "FunctionVersion": r["function_version"],
			"Description": r.text("description"), "RoutingConfig": record{"AdditionalVersionWeights": weights}}
	}
	return service{
		identity: []string{"function_name", "name"},
		create: func(r record) (record, error) {
			_, err := a.lambda(http.MethodPost, path(r), in(r))
			return nil, err
		},
		update: func(r record) error {
			_, err := a.lambda(http.MethodPut, path(r)+"/"+r.text("name"), in(r))
			return err
		},
		read: func(r record) (record, error) {
			out, err := a.lambda(http.MethodGet, path(r)+"/"+r.text("name"), nil)
			if err != nil {
				return nil, err
			}
			return record{"arn": out["AliasArn"], "function_version": out["FunctionVersion"]}, nil
		},
		remove: func(r record) error {
			_, err := a.lambda(http.MethodDelete, path(r)+"/"+r.text("name"), nil)
			return err
		},
	}
}

func permissions(a *account) service {
	path := func(r record, more string) string {
		path := functionsPath + "/" + r.text("function_name") + "/policy" + more
		if qualifier := r.text("qualifier"); qualifier != "" {
			path += "?Qualifier=" + qualifier
		}
		return path
	}
	s := service{identity: []string{"function_name", "qualifier", "statement_id"},
		fixed: []string{"action", "principal", "source_account", "source_arn"}}
	s.create = func(r record) (record, error) {
		in := record{}
		for name, field := range map[string]string{"statement_id": "StatementId", "action": "Action",
			"principal": "Principal", "source_account": "SourceAccount", "source_arn": "SourceArn"} {
			if v := r[name]; v != nil {
				in[field] = v
			}
		}
		_, err := a.lambda(http.MethodPost, path(r, ""), in)
		return nil, err
	}
	s.read = func(r record) (record, error) {
		out, err := a.lambda(http.MethodGet, path(r, ""), nil)
		if err != nil {
			return nil, err
		}
		var policy struct{ Statement []struct{ Sid string } }
		if err := json.Unmarshal([]byte(out.text("Policy")), &policy); err != nil {
			return nil, err
		}
		for _, statement := range policy.Statement {
			if statement.Sid == r.text("statement_id") {
				return record{"id": statement.Sid}, nil
			}
		}
		return nil, errMissing
	}
	s.remove = func(r record) error {
		_, err := a.lambda(http.MethodDelete, path(r, "/"+r.text("statement_id")), nil)
		return err
	}
	return s
}

func invokeConfigs(a *account) service {
	path := func(r record) string {
		return "/2019-09-25/functions/" + r.text("function_name") + "/event-invoke-config"
	}
	put := func(r record) error {
		in := record{"MaximumRetryAttempts": r["maximum_retry_attempts"],
			"MaximumEventAgeInSeconds": r["maximum_event_age_in_seconds"]}
		if failed := r.block("destination_config").block("on_failure"); failed != nil {
			in["DestinationConfig"] = record{"OnFailure": record{"Destination": failed["destination"]}}
			if err := a.mayDeliver(r.text("function_name"), failed.text("destination")); err != nil {
				return err
			}
		}
		_, err := a.lambda(http.MethodPut, path(r), in)
		return err
	}
	return service{
		identity: []string{"function_name", "qualifier"},
		create:   func(r record) (record, error) { return nil, put(r) },
		update:   put,
		read: func(r record) (record, error) {
			out, err := a.lambda(http.MethodGet, path(r), nil)
			if err != nil {
				return nil, err
			}
			return record{"maximum_retry_attempts": out["MaximumRetryAttempts"],
				"maximum_event_age_in_seconds": out["MaximumEventAgeInSeconds"]}, nil
		},
		remove: func(r record) error {
			_, err := a.lambda(http.MethodDelete, path(r), nil)
			return err
		},
	}
}

// mayDeliver reports that a function's role may not send to a destination, as Lambda does when it is configured.
func (a *account) mayDeliver(function, destination string) error {
	if !strings.Contains(destination, ":sqs:") {
		return fmt.Errorf("the destination %s is not a queue, which nothing here checks", destination)
	}
	out, err := a.function(function)
	if err != nil {
		return err
	}
	return a.allows(asRecord(out["Configuration"]).text("Role"), "sqs:SendMessage")
}
