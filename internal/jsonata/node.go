package jsonata

// kind is the kind of a node.
type kind int

const (
	pathNode kind = iota
	nameNode
	stringNode
	numberNode
	constantNode
	regexNode
	variableNode
	wildcardNode
	descendantNode
	parentNode
	binaryNode
	bindNode
	applyNode
	negateNode
	arrayNode
	objectNode
	rangeNode
	blockNode
	conditionNode
	callNode
	partialNode
	placeholderNode
	lambdaNode
	transformNode
	sortNode
)

// node is a node of the syntax tree. What each kind uses is beside the fields.
type node struct {
	kind     kind
	position int
	text     string     // name, string, variable without $, operator
	value    any        // number, constant (null is nil), compiled regex
	left     *node      // left operand, condition, procedure, body of a lambda, pattern of a transform
	right    *node      // right operand, then, update of a transform
	third    *node      // else, delete of a transform
	list     []*node    // steps of a path, items, expressions of a block, arguments
	pairs    [][2]*node // of an object constructor
	terms    []sortTerm
	params   []string
	sign     *signature

	predicates []*node // filters of a node that is not a step of a path
	stages     []stage // filters and indexes of a step
	group      *node   // an objectNode that groups what the node gives
	keepArray  bool    // written with []
	consArray  bool    // an array constructor first or last in a path, or a block with one
	tail       bool    // a call whose value is that of its function

	focus string // @$name
	index string // #$name
	tuple bool   // gives tuples: values with names bound to them

	slot     *slot   // of a parentNode: which value it stands for
	ancestor *slot   // of a step: somebody asks for the value that it starts from
	seeking  []*slot // parents that are not found yet
}

// stage is a filter of a step, or the name for the index of what is left.
type stage struct {
	filter *node
	index  string
}

// sortTerm is one of the terms of an order-by.
type sortTerm struct {
	expression *node
	descending bool
}

// slot is the place of the value that a % stands for. Slots with the same label share it.
type slot struct {
	label string
	level int
}
