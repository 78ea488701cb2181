package remote

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
)

// What IAM says. Shapes: the SDK's service model (IAM 2010-05-08, AWS Query).

func readRole(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name := named["RoleName"]
	var out struct {
		Path     string `xml:"GetRoleResult>Role>Path"`
		Trust    string `xml:"GetRoleResult>Role>AssumeRolePolicyDocument"`
		Boundary string `xml:"GetRoleResult>Role>PermissionsBoundary>PermissionsBoundaryArn"`
		Tags     []tag  `xml:"GetRoleResult>Role>Tags>member"`
	}
	err := c.queryIAM(ctx, "GetRole", url.Values{"RoleName": {name}}, &out)
	if err != nil {
		return nil, asked("iam:GetRole", c.roleARN(name), err)
	}
	trust, err := url.PathUnescape(out.Trust)
	p := properties{"RoleName": name, "Path": out.Path, "AssumeRolePolicyDocument": trust, "Tags": tagMap(out.Tags)}
	p.text("PermissionsBoundary", out.Boundary)
	return p, asked("iam:GetRole", c.roleARN(name), err)
}

func readRolePolicy(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name, policy := named["RoleName"], named["PolicyName"]
	var out struct {
		Document string `xml:"GetRolePolicyResult>PolicyDocument"`
	}
	err := c.queryIAM(ctx, "GetRolePolicy", url.Values{"RoleName": {name}, "PolicyName": {policy}}, &out)
	if err != nil {
		return nil, asked("iam:GetRolePolicy", c.roleARN(name), err)
	}
	document, err := url.PathUnescape(out.Document)
	return properties{"RoleName": name, "PolicyName": policy, "PolicyDocument": document},
		asked("iam:GetRolePolicy", c.roleARN(name), err)
}

// Simulate asks IAM whether a role may do something: allowed, implicitDeny or explicitDeny.
func (c *Cloud) Simulate(ctx context.Context, role, action, resource string) (string, error) {
	var out struct {
		Decisions []string `xml:"SimulatePrincipalPolicyResult>EvaluationResults>member>EvalDecision"`
	}
	err := c.queryIAM(ctx, "SimulatePrincipalPolicy", url.Values{"PolicySourceArn": {role},
		"ActionNames.member.1": {action}, "ResourceArns.member.1": {resource}}, &out)
	if err == nil && len(out.Decisions) != 1 {
		err = fmt.Errorf("IAM gave %d decisions for one action", len(out.Decisions))
	}
	if err != nil {
		return "", asked("iam:SimulatePrincipalPolicy", role, err)
	}
	return out.Decisions[0], nil
}

// queryIAM makes a request of the AWS Query protocol.
func (c *Cloud) queryIAM(ctx context.Context, operation string, form url.Values, out any) error {
	form.Set("Action", operation)
	form.Set("Version", "2010-05-08")
	const contentType = "application/x-www-form-urlencoded; charset=utf-8"
	answer, err := c.iam.send(ctx, http.MethodPost, "/", contentType, []byte(form.Encode()))
	if err != nil {
		return err
	}
	return xml.Unmarshal(answer, out)
}
