package local

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/function"
)

// FunctionAlias says which versions of a function an alias invokes. Source: API reference of CreateAlias, which takes
// one version beside the main one.
type FunctionAlias struct {
	Version string             // gets the invocations that the weights leave
	Weights map[string]float64 // shares from 0 to 1, by version
}

// publishedFunction are the versions of a function and its aliases.
type publishedFunction struct {
	versions []Function // version 1 first
	aliases  map[string]FunctionAlias
}

// latest is the qualifier of what was deployed last.
const latest = "$LATEST"

// PublishVersion makes a version of what a function is now, and returns its number. A function without versions takes
// every qualifier: what is published of it in AWS nobody knows here.
func (a *Account) PublishVersion(name string) (version string, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f, ok := a.functions[name]
	if !ok {
		return "", errFunctionMissing(a.FunctionARN(name))
	}
	p := a.published[name]
	if p == nil {
		p = &publishedFunction{aliases: map[string]FunctionAlias{}}
		a.published[name] = p
	}
	p.versions = append(p.versions, f)
	return strconv.Itoa(len(p.versions)), nil
}

// Unpublish forgets the versions and aliases of a function.
func (a *Account) Unpublish(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.published, name)
}

// SetFunctionAlias creates an alias of a function, or changes it. Invocations under way go on.
func (a *Account) SetFunctionAlias(name, alias string, to FunctionAlias) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.published[name]
	for _, version := range append(slices.Sorted(maps.Keys(to.Weights)), to.Version) {
		if p.version(version) == nil {
			return errFunctionMissing(a.FunctionARN(name) + ":" + version)
		}
	}
	p.aliases[alias] = FunctionAlias{Version: to.Version, Weights: maps.Clone(to.Weights)}
	return nil
}

// version is the version of that number, nil when there is none.
func (p *publishedFunction) version(number string) Function {
	n, err := strconv.Atoi(number)
	if p == nil || err != nil || n < 1 || n > len(p.versions) {
		return nil
	}
	return p.versions[n-1]
}

// at is the version that an invocation of the alias goes to, with a random number below 1.
func (to FunctionAlias) at(random float64) string {
	for _, version := range slices.Sorted(maps.Keys(to.Weights)) {
		if random -= to.Weights[version]; random < 0 {
			return version
		}
	}
	return to.Version
}

// qualified is the function that a text means, with what it does and the version that this is. ok is false when there
// is none, or no such version or alias of it.
func (a *Account) qualified(text string) (f Function, version string, ok bool) {
	name, qualifier := functionIn(text)
	a.mu.Lock()
	defer a.mu.Unlock()
	f, ok = a.functions[name]
	p := a.published[name]
	if !ok || p == nil || qualifier == "" || qualifier == latest {
		return f, latest, ok
	}
	version = qualifier
	if to, isAlias := p.aliases[qualifier]; isAlias {
		version = to.Version
		if len(to.Weights) > 0 {
			version = to.at(a.random.Float64())
		}
	}
	f = p.version(version)
	return f, version, f != nil
}

// functionIn takes apart what means a function: an ARN, a part of one or a plain name, each with or without version or
// alias (API reference of Invoke).
func functionIn(text string) (name, qualifier string) {
	if name, isARN := arn.FunctionName(text); isARN {
		return name, arn.Qualifier(text)
	}
	parts := strings.Split(text, ":")
	if len(parts) >= 3 && parts[1] == "function" { // ACCOUNT:function:NAME
		parts = parts[2:]
	}
	if len(parts) > 1 {
		qualifier = parts[1]
	}
	return parts[0], qualifier
}

// withQualifier is a name or ARN with the version or alias that a task gives beside it.
func withQualifier(function, qualifier string) string {
	if qualifier == "" {
		return function
	}
	return function + ":" + qualifier
}

// Invoke invokes a function by ARN or name and waits for its answer. Lambda's own refusals, an unknown function among
// them, are in the result's Err.
func (a *Account) Invoke(ctx context.Context, arn string, payload []byte) function.Result {
	f, version, ok := a.qualified(arn)
	if !ok {
		return function.Result{Err: errFunctionMissing(arn)}
	}
	result := f.Invoke(ctx, payload)
	if result.Version == "" {
		result.Version = version
	}
	return result
}

func errFunctionMissing(arn string) error {
	return &Error{Code: "ResourceNotFoundException", Message: "Function not found: " + arn}
}
