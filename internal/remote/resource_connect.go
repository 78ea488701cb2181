package remote

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// What Amazon Connect says. Shapes: the SDK's service model (Connect 2017-08-08, REST with JSON).

func readAssociation(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	instance, function := named["InstanceId"], named["IntegrationArn"]
	var functions []string
	err := c.pages(ctx, "/instance/"+url.PathEscape(instanceID(instance))+"/lambda-functions",
		func(answer []byte) error {
			var page struct{ LambdaFunctions []string }
			err := json.Unmarshal(answer, &page)
			functions = append(functions, page.LambdaFunctions...)
			return err
		})
	if err == nil && !slices.Contains(functions, function) {
		err = notFound("the association of " + function)
	}
	if err != nil {
		return nil, asked("connect:ListLambdaFunctions", instance, err)
	}
	return properties{"InstanceId": instance, "IntegrationType": "LAMBDA_FUNCTION", "IntegrationArn": function}, nil
}

// described is a flow or a module as its service describes it.
type described struct {
	ARN, Name, Type, State, Status, Content, Settings string
	Tags                                              map[string]string
}

func (d described) properties(instance string) map[string]any {
	p := properties{"InstanceArn": instance, "Content": d.Content, "Tags": d.Tags}
	for key, value := range map[string]string{"Arn": d.ARN, "Name": d.Name, "Type": d.Type, "State": d.State,
		"Status": d.Status, "Settings": d.Settings} {
		p.text(key, value)
	}
	return p
}

func readFlow(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	instance := named["InstanceArn"]
	id, err := c.idOf(ctx, "/contact-flows-summary/", instance, named["Name"])
	if err != nil {
		return nil, asked("connect:ListContactFlows", instance+"/contact-flow/*", err)
	}
	var out struct{ ContactFlow described }
	path := "/contact-flows/" + url.PathEscape(instanceID(instance)) + "/" + url.PathEscape(id)
	if err := c.getConnect(ctx, path, &out); err != nil {
		return nil, asked("connect:DescribeContactFlow", instance+"/contact-flow/"+id, err)
	}
	return out.ContactFlow.properties(instance), nil
}

func readModule(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	instance := named["InstanceArn"]
	id, err := c.idOf(ctx, "/contact-flow-modules-summary/", instance, named["Name"])
	if err != nil {
		return nil, asked("connect:ListContactFlowModules", instance, err)
	}
	var out struct{ ContactFlowModule described }
	path := "/contact-flow-modules/" + url.PathEscape(instanceID(instance)) + "/" + url.PathEscape(id)
	if err := c.getConnect(ctx, path, &out); err != nil {
		return nil, asked("connect:DescribeContactFlowModule", instance+"/flow-module/"+id, err)
	}
	return out.ContactFlowModule.properties(instance), nil
}

// instanceID is the id in the ARN of an instance.
func instanceID(instance string) string { return instance[strings.LastIndex(instance, "/")+1:] }

// idOf finds a flow or module by its name in a list.
func (c *Cloud) idOf(ctx context.Context, list, instance, name string) (id string, err error) {
	err = c.pages(ctx, list+url.PathEscape(instanceID(instance)), func(answer []byte) error {
		var page struct{ ContactFlowSummaryList, ContactFlowModulesSummaryList []summary }
		err := json.Unmarshal(answer, &page)
		for _, f := range append(page.ContactFlowSummaryList, page.ContactFlowModulesSummaryList...) {
			if f.Name == name {
				id = f.ID
			}
		}
		return err
	})
	if err == nil && id == "" {
		err = notFound(name)
	}
	return id, err
}

func (c *Cloud) getConnect(ctx context.Context, path string, out any) error {
	answer, err := c.connect.send(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

// pages reads a list page by page.
func (c *Cloud) pages(ctx context.Context, path string, read func(answer []byte) error) error {
	for token := ""; ; {
		query := url.Values{"maxResults": {"25"}}
		if token != "" {
			query.Set("nextToken", token)
		}
		answer, err := c.connect.send(ctx, http.MethodGet, path+"?"+query.Encode(), "", nil)
		if err != nil {
			return err
		}
		if err := read(answer); err != nil {
			return err
		}
		var next struct{ NextToken string }
		if err := json.Unmarshal(answer, &next); err != nil || next.NextToken == "" {
			return err
		}
		token = next.NextToken
	}
}
