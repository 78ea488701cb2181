package deploy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/connect-async/connect-async/internal/project"
)

// With releases: alias each deployment that changes the async function publishes a version of it, and the flows invoke
// an alias. The alias points to the newest version, unless a version before it is kept: then that one has the calls,
// all of them or those that its weight leaves. docs/deploying.md says how a release is shifted and taken back.

// Variables of a release.
const (
	previousVariable = "previous_version"
	weightVariable   = "new_version_weight"
)

// NewestVersion is the variable of a Wanted that is the version which a deployment has published.
const NewestVersion = "async_version"

const (
	aliasKey     = "alias." + project.AsyncFunction
	versionKind  = "AWS::Lambda::Version"
	asyncVersion = "${" + NewestVersion + "}" // a place of every tool
)

// publishes reports whether versions of the async function are published, with an alias that the flows invoke.
func (s *Stack) publishes() bool { return s.settings.Releases == project.ReleasesAlias }

// asyncTarget is the reference to the ARN that flows invoke.
func (s *Stack) asyncTarget() string {
	if s.publishes() {
		return aliasKey + ".arn"
	}
	return "function." + project.AsyncFunction + ".arn"
}

// ofRelease reports whether a variable may have another value at each deployment.
func (v variable) ofRelease() bool { return v.name == previousVariable || v.name == weightVariable }

// releaseVariables are those with which a release is shifted.
func (s *Stack) releaseVariables() []variable {
	if !s.publishes() {
		return nil
	}
	return []variable{
		{name: previousVariable, accepts: versionRule.orEmpty(),
			description: "Version of the async function that keeps the calls which the newest does not get, or empty"},
		{name: weightVariable, accepts: weightRule.orEmpty(), needs: previousVariable,
			description: "Share of the calls, such as 0.1, for the newest version beside previous_version, or empty"},
	}
}

// releaseItems are the version that a deployment publishes and the alias.
func (s *Stack) releaseItems() []item {
	if !s.publishes() {
		return nil
	}
	return []item{version{stack: s}, alias{}}
}

// version is the version that a deployment publishes. Terraform has it in the function. CloudFormation makes one when
// the description changes, and AWS refuses one of a function that has not changed: so that both change together, the
// description is the function's, too. The earlier versions are kept, since the alias may go back to them.
type version struct{ stack *Stack }

func (v version) cloudFormation() resource {
	return resource{key: "version." + project.AsyncFunction, kind: versionKind, retained: true,
		properties: properties("FunctionName", textOf("${function.async.name}"),
			"Description", v.stack.asyncFunction().release())}
}

func (version) terraform() resource { return resource{} }

// release says of what a version is made: it differs when anything of a version does.
func (f lambdaFunction) release() text {
	sum := sha256.Sum256(fmt.Append(nil, f.configuration()))
	release := "Release " + hex.EncodeToString(sum[:])[:12] + " of ${package_key}"
	for _, variable := range f.variables() {
		release += ", ${var." + variable + "}"
	}
	return textOf(release)
}

// variables are those whose values a version keeps, but for the name: another name is another function.
func (f lambdaFunction) variables() []string {
	list := []string{"memory_mb", callersVariable}
	if f.role != "" {
		list = append(list, f.role)
	}
	if f.stack.settings.Encryption {
		list = append(list, "kms_key_arn")
	}
	return list
}

// alias divides the calls between the newest version and one before it.
type alias struct{}

// main is the version that has the calls which no weight gives to the newest.
func (alias) main() optional {
	kept := fromVariable(previousVariable)
	kept.otherwise = textOf(asyncVersion)
	return kept
}

func (a alias) cloudFormation() resource {
	weights := properties("AdditionalVersionWeights", list{properties(
		"FunctionVersion", textOf(asyncVersion), "FunctionWeight", fraction{variable: weightVariable})})
	return resource{key: aliasKey, kind: "AWS::Lambda::Alias", properties: properties(
		"FunctionName", textOf("${function.async.name}"),
		"Name", project.AsyncAlias,
		"Description", aliasDescription,
		"FunctionVersion", a.main(),
		"RoutingConfig", optional{variable: weightVariable, value: weights},
	)}
}

func (a alias) terraform() resource {
	weights := properties("additional_version_weights",
		keyed{key: textOf(asyncVersion), value: fraction{variable: weightVariable}})
	return resource{key: aliasKey, kind: "aws_lambda_alias", properties: properties(
		"function_name", textOf("${function.async.name}"),
		"name", project.AsyncAlias,
		"description", aliasDescription,
		"function_version", a.main(),
		"routing_config", optional{variable: weightVariable, value: block(weights)},
	)}
}

const aliasDescription = "What contact flows invoke"
