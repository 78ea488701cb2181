package jsonata

import "strings"

// Kind returns the kind of every value that the expression can give, as far as that shows without data: "boolean",
// "number", "string", "array", "object", "null" or "function". It is "" when only the data decide.
func (x *Expression) Kind() string {
	w := &walk{bound: map[string]bool{}}
	w.node(x.root, true)
	return kinds{rebound: w.bound}.of(x.root)
}

// kinds finds the kinds of nodes. rebound are the names that the expression gives a value itself, so that they need not
// mean a builtin.
type kinds struct{ rebound map[string]bool }

func (k kinds) of(n *node) string {
	if n == nil || len(n.predicates) > 0 || len(n.stages) > 0 || n.group != nil || n.keepArray {
		return ""
	}
	switch n.kind {
	case stringNode:
		return "string"
	case numberNode, negateNode:
		return "number"
	case arrayNode:
		return "array"
	case objectNode:
		return "object"
	case lambdaNode, partialNode, transformNode, regexNode:
		return "function"
	case constantNode:
		if n.value == nil {
			return "null"
		}
		return "boolean"
	case binaryNode:
		return operatorKinds[n.text]
	case bindNode:
		return k.of(n.right)
	}
	return k.ofCompound(n)
}

// operatorKinds are the kinds that operators give.
var operatorKinds = map[string]string{
	"+": "number", "-": "number", "*": "number", "/": "number", "%": "number", "&": "string",
	"=": "boolean", "!=": "boolean", "<": "boolean", "<=": "boolean", ">": "boolean", ">=": "boolean",
	"in": "boolean", "and": "boolean", "or": "boolean",
}

// ofCompound is the kind of a node that passes on what another one gives.
func (k kinds) ofCompound(n *node) string {
	switch n.kind {
	case blockNode:
		if len(n.list) > 0 {
			return k.of(n.list[len(n.list)-1])
		}
	case conditionNode:
		if then := k.of(n.right); n.third == nil || then == k.of(n.third) {
			return then
		}
	case callNode:
		return k.given(n.left)
	case applyNode:
		switch n.right.kind {
		case callNode:
			return k.given(n.right.left)
		case variableNode:
			left := k.of(n.left)
			if n.left.kind == pathNode || left != "" && left != "function" { // two functions become one
				return k.given(n.right)
			}
		}
	}
	return ""
}

// given is the kind of what a function gives by its signature. An array of one value may come as the value.
func (k kinds) given(procedure *node) string {
	b, ok := builtins[procedure.text]
	if procedure.kind != variableNode || !ok || k.rebound[procedure.text] {
		return ""
	}
	result := b.signature[strings.LastIndexByte(b.signature, ':')+1:]
	return map[string]string{"s>": "string", "n>": "number", "b>": "boolean", "o>": "object"}[result]
}
