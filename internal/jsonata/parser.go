package jsonata

import (
	"slices"
	"strconv"
)

// powers are the binding powers of the infix operators.
var powers = map[string]int{
	".": 75, "[": 80, "{": 70, "(": 80, "@": 80, "#": 80, "?": 20, "+": 50, "-": 50, "*": 60, "/": 60, "%": 60,
	"=": 40, "<": 40, ">": 40, "!=": 40, "<=": 40, ">=": 40, "^": 40, "~>": 40, "and": 30, "or": 25, "in": 40, "&": 50,
	":=": 10,
}

// maxSyntax is how deep an expression may nest (our own limit; an evaluation does not come so far).
const maxSyntax = 1000

// parser reads an expression by the precedence of its operators.
type parser struct {
	lexer lexer
	token token // the next one
	depth int
	slots int
}

func (p *parser) advance(prefix bool) *Error {
	next, err := p.lexer.next(prefix)
	p.token = next
	return err
}

// expect takes an operator.
func (p *parser) expect(operator string, prefix bool) *Error {
	if p.isOperator(operator) {
		return p.advance(prefix)
	}
	if p.token.kind == endToken {
		return fail("S0203").at(p.token.position).with(operator).of(p.token.text)
	}
	return fail("S0202").at(p.token.position).with(operator).of(p.shown())
}

// shown is the token as errors show it.
func (p *parser) shown() string { return p.token.text }

func (p *parser) isOperator(text string) bool {
	return p.token.kind == operatorToken && p.token.text == text
}

// parse reads a whole expression.
func (p *parser) parse() (*node, *Error) {
	if err := p.advance(true); err != nil {
		return nil, err
	}
	n, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.token.kind != endToken {
		return nil, fail("S0201").at(p.token.position).of(p.shown())
	}
	return n, nil
}

// expression reads operands and operators that bind tighter than power.
func (p *parser) expression(power int) (*node, *Error) {
	if p.depth++; p.depth > maxSyntax {
		return nil, fail(codeStack).at(p.token.position)
	}
	defer func() { p.depth-- }()
	t := p.token
	if err := p.advance(startsOperand(t)); err != nil {
		return nil, err
	}
	left, err := p.operand(t)
	if err != nil {
		return nil, err
	}
	for chain := 0; power < p.power(); chain++ {
		if chain > maxSyntax*10 {
			return nil, fail(codeStack).at(p.token.position)
		}
		t := p.token
		if err := p.advance(true); err != nil {
			return nil, err
		}
		if left, err = p.infix(left, t); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// startsOperand says whether an operand can follow a token found where an operand was expected.
func startsOperand(t token) bool {
	return t.kind == operatorToken && !slices.Contains([]string{"*", "**", "%", "and", "or", "in"}, t.text)
}

// power returns the binding power of the next token.
func (p *parser) power() int {
	if p.token.kind != operatorToken {
		return 0
	}
	return powers[p.token.text]
}

// operand makes a node of a token found where an operand is expected.
func (p *parser) operand(t token) (*node, *Error) {
	n := &node{position: t.position, text: t.text, value: t.value}
	switch t.kind {
	case nameToken:
		n.kind = nameNode
	case variableToken:
		n.kind = variableNode
	case stringToken:
		n.kind = stringNode
	case numberToken:
		n.kind = numberNode
	case constantToken:
		n.kind = constantNode
	case regexToken:
		n.kind = regexNode
	case endToken:
		return nil, fail("S0207").at(t.position).of(t.text)
	default:
		return p.prefix(n)
	}
	return n, nil
}

// prefix reads what an operator before an operand begins.
func (p *parser) prefix(n *node) (*node, *Error) {
	var err *Error
	switch n.text {
	case "and", "or", "in":
		n.kind = nameNode
	case "*":
		n.kind = wildcardNode
	case "**":
		n.kind = descendantNode
	case "%":
		n.kind, n.slot = parentNode, &slot{label: "!" + strconv.Itoa(p.slots), level: 1}
		p.slots++
	case "-":
		n.kind = negateNode
		n.left, err = p.expression(70)
	case "(":
		return p.block(n)
	case "[":
		return p.array(n)
	case "{":
		n.kind = objectNode
		n.pairs, err = p.pairs()
	case "|":
		return p.transform(n)
	default:
		return nil, fail("S0211").at(n.position).of(n.text)
	}
	return n, err
}

func (p *parser) block(n *node) (*node, *Error) {
	n.kind = blockNode
	for !p.isOperator(")") {
		one, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		n.list = append(n.list, one)
		if !p.isOperator(";") {
			break
		}
		if err := p.advance(true); err != nil {
			return nil, err
		}
	}
	return n, p.expect(")", false)
}

func (p *parser) array(n *node) (*node, *Error) {
	n.kind = arrayNode
	for !p.isOperator("]") {
		item, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		if p.isOperator("..") {
			item = &node{kind: rangeNode, position: p.token.position, text: "..", left: item}
			if err := p.advance(true); err != nil {
				return nil, err
			}
			if item.right, err = p.expression(0); err != nil {
				return nil, err
			}
		}
		n.list = append(n.list, item)
		if !p.isOperator(",") {
			break
		}
		if err := p.advance(true); err != nil {
			return nil, err
		}
	}
	return n, p.expect("]", false)
}

// pairs reads the keys and values of an object constructor, after its brace.
func (p *parser) pairs() ([][2]*node, *Error) {
	var pairs [][2]*node
	for !p.isOperator("}") {
		key, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		if err := p.expect(":", true); err != nil {
			return nil, err
		}
		one, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, [2]*node{key, one})
		if !p.isOperator(",") {
			break
		}
		if err := p.advance(true); err != nil {
			return nil, err
		}
	}
	return pairs, p.expect("}", false)
}

// transform reads |pattern|update, delete|.
func (p *parser) transform(n *node) (*node, *Error) {
	n.kind = transformNode
	var err *Error
	if n.left, err = p.expression(0); err != nil {
		return nil, err
	}
	if err := p.expect("|", true); err != nil {
		return nil, err
	}
	if n.right, err = p.expression(0); err != nil {
		return nil, err
	}
	if p.isOperator(",") {
		if err := p.advance(true); err != nil {
			return nil, err
		}
		if n.third, err = p.expression(0); err != nil {
			return nil, err
		}
	}
	return n, p.expect("|", false)
}

// infix reads what an operator after an operand continues.
func (p *parser) infix(left *node, t token) (*node, *Error) {
	n := &node{kind: binaryNode, position: t.position, text: t.text, left: left}
	var err *Error
	switch t.text {
	case "(":
		return p.call(n)
	case "[":
		return p.predicate(n)
	case "{":
		n.right = &node{kind: objectNode, position: t.position}
		n.right.pairs, err = p.pairs()
	case "^":
		return p.orderBy(n)
	case "?":
		return p.condition(n)
	case ":=":
		return p.bind(n)
	case "@", "#":
		if n.right, err = p.expression(powers[t.text]); err == nil && n.right.kind != variableNode {
			err = fail("S0214").at(t.position).of(t.text)
		}
	default:
		n.right, err = p.expression(powers[t.text])
	}
	return n, err
}

// predicate reads [filter], or [] which keeps arrays of one element.
func (p *parser) predicate(n *node) (*node, *Error) {
	if p.isOperator("]") {
		step := n.left
		for step.kind == binaryNode && step.text == "[" {
			step = step.left
		}
		step.keepArray = true
		return n.left, p.advance(false)
	}
	var err *Error
	if n.right, err = p.expression(0); err != nil {
		return nil, err
	}
	return n, p.expect("]", false)
}

func (p *parser) orderBy(n *node) (*node, *Error) {
	if err := p.expect("(", true); err != nil {
		return nil, err
	}
	for {
		term := sortTerm{descending: p.isOperator(">")}
		if p.isOperator("<") || p.isOperator(">") {
			if err := p.advance(true); err != nil {
				return nil, err
			}
		}
		var err *Error
		if term.expression, err = p.expression(0); err != nil {
			return nil, err
		}
		n.terms = append(n.terms, term)
		if !p.isOperator(",") {
			break
		}
		if err := p.advance(true); err != nil {
			return nil, err
		}
	}
	return n, p.expect(")", false)
}

func (p *parser) condition(n *node) (*node, *Error) {
	n.kind = conditionNode
	var err *Error
	if n.right, err = p.expression(0); err != nil || !p.isOperator(":") {
		return n, err
	}
	if err := p.advance(true); err != nil {
		return nil, err
	}
	n.third, err = p.expression(0)
	return n, err
}

func (p *parser) bind(n *node) (*node, *Error) {
	if n.left.kind != variableNode {
		return nil, fail("S0212").at(n.left.position).of(n.left.text)
	}
	n.kind = bindNode
	var err *Error
	n.right, err = p.expression(powers[":="] - 1)
	return n, err
}

// call reads the arguments of a call, or a function definition.
func (p *parser) call(n *node) (*node, *Error) {
	n.kind = callNode
	for !p.isOperator(")") {
		if p.isOperator("?") {
			n.kind = partialNode
			n.list = append(n.list, &node{kind: placeholderNode, position: p.token.position, text: "?"})
			if err := p.advance(false); err != nil {
				return nil, err
			}
		} else {
			argument, err := p.expression(0)
			if err != nil {
				return nil, err
			}
			n.list = append(n.list, argument)
		}
		if !p.isOperator(",") {
			break
		}
		if err := p.advance(true); err != nil {
			return nil, err
		}
	}
	if err := p.expect(")", false); err != nil {
		return nil, err
	}
	if n.left.kind == nameNode && (n.left.text == "function" || n.left.text == "λ") {
		return p.lambda(n)
	}
	return n, nil
}

// lambda makes a function definition of a call, and reads the signature and the body.
func (p *parser) lambda(n *node) (*node, *Error) {
	definition := &node{kind: lambdaNode, position: n.position}
	for i, argument := range n.list {
		if argument.kind != variableNode {
			return nil, fail("S0208").at(argument.position).of(argument.text).nth(i + 1)
		}
		definition.params = append(definition.params, argument.text)
	}
	if p.isOperator("<") {
		if err := p.signature(definition); err != nil {
			return nil, err
		}
	}
	if err := p.expect("{", true); err != nil {
		return nil, err
	}
	var err *Error
	if definition.left, err = p.expression(0); err != nil {
		return nil, err
	}
	return definition, p.expect("}", false)
}

// signature reads <types:type>.
func (p *parser) signature(definition *node) *Error {
	position := p.token.position
	text := "<"
	for depth := 1; depth > 0; {
		if err := p.advance(false); err != nil {
			return err
		}
		switch {
		case p.token.kind == endToken || p.isOperator("{"):
			return fail("S0202").at(p.token.position).with(">").of(p.shown())
		case p.isOperator("<"):
			depth++
		case p.isOperator(">"):
			depth--
		}
		text += p.token.text
	}
	sign, err := parseSignature(text)
	if err != nil {
		return err.at(position)
	}
	definition.sign = sign
	return p.advance(false)
}
