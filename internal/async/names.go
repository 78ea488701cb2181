package async

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Every parameter of the protocol has a long name, sfn_<name>. The short one is the protocol's too, unless
// PARAMETERS=prefixed makes it data of the wrapped function. The original's names stay what they are. The parameter
// sfn_keys does the same for the keys of the reply.

// originalParameters are the original's, which every flow for it sends.
var originalParameters = []string{ParamExecutionID, ParamCount, ParamCountMax, ParamCountComfort}

// LongName is a parameter's name that is never data of the wrapped function.
func LongName(name string) string {
	if strings.HasPrefix(name, additionPrefix) {
		return name
	}
	return additionPrefix + name
}

// hasShortName reports whether a parameter may also be sent under its name without sfn_.
func hasShortName(name string, prefixed bool) bool {
	return name != LongName(name) && (!prefixed || slices.Contains(originalParameters, name))
}

// isParameter reports whether a parameter of that name belongs to the protocol.
func isParameter(name string, prefixed bool) bool {
	return slices.ContainsFunc(parameters, func(p parameter) bool {
		return name == LongName(p.name) || name == p.name && hasShortName(name, prefixed)
	})
}

// IsParameter reports whether a parameter belongs to the protocol, by its short or its long name. Every other one is
// data of the wrapped function; with PARAMETERS=prefixed the short ones but the original's are data, too.
func IsParameter(name string) bool { return isParameter(name, false) }

// sent is a parameter as the flow sent it, under either of its names. Which of two different values counts nobody can
// tell.
func (in *invocation) sent(name string, prefixed bool) (json.RawMessage, *refusal) {
	long := in.event.parameters[LongName(name)]
	if !hasShortName(name, prefixed) {
		return long, nil
	}
	short := in.event.parameters[name]
	switch {
	case long == nil, unset(long) && short != nil:
		return short, nil
	case unset(short), bytes.Equal(short, long):
		return long, nil
	}
	return long, refuse(InvalidParameter, "The parameters "+name+" and "+LongName(name)+
		" differ. Send the second only; with PARAMETERS=prefixed the first is data.")
}

// misspelled reports whether there is a parameter whose name differs from one of the protocol's in upper and lower case
// only.
func (in *invocation) misspelled(name string) bool {
	_, short := similar(in.event.parameters, name)
	_, long := similar(in.event.parameters, LongName(name))
	return short || long
}

// LongKey is a key of the protocol as a flow gets it that asked for sfn_keys prefixed.
func LongKey(key string) string {
	if key == KeyStatus {
		return KeyCall
	}
	return LongName(key)
}

// reserves reports whether a key of the result is overruled.
func (r *reply) reserves(key string) bool {
	if r.prefixed {
		return strings.HasPrefix(key, additionPrefix)
	}
	return ReservedKey(key)
}

// IsOriginalParameter reports whether a parameter is the original's, which keeps its short name whatever PARAMETERS
// says.
func IsOriginalParameter(name string) bool { return slices.Contains(originalParameters, name) }
