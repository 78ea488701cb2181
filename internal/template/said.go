package template

import (
	"regexp"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// said is the text that a value comes to, with the defaults of parameters. It has references when only the deployment
// knows it.
func (t *tree) said(n *source.Node) string {
	list := t.sides(n)
	text := t.saidPlainly(list[0])
	for _, side := range list[1:] {
		if t.saidPlainly(side) != text {
			return t.plainText(n)
		}
	}
	return text
}

// isIf reports whether a value is one of two.
func isIf(n *source.Node) bool { return functionOf(n) == fnIf && len(n.Members[0].Value.Items) == 3 }

// sides are the values that a value may come to.
func (t *tree) sides(n *source.Node) []*source.Node {
	switch {
	case isIf(n):
		items := n.Members[0].Value.Items
		return append(t.sides(items[1]), t.sides(items[2])...)
	case functionOf(n) == fnMap:
		if values := t.mapped(n.Members[0].Value.Elements()); len(values) > 0 {
			return values
		}
	}
	return []*source.Node{n}
}

// mapped are the values of a mapping that Fn::FindInMap may come to: all that are under a key which only the deployment
// knows. arguments are the name of the mapping, two keys and, where AWS::LanguageExtensions is used, an object with the
// value to take when there is none. It is empty when nothing is known.
func (t *tree) mapped(arguments []*source.Node) []*source.Node {
	if len(arguments) < 3 {
		return nil
	}
	var otherwise []*source.Node
	if len(arguments) > 3 && arguments[3].Get("DefaultValue") != nil {
		otherwise = t.sides(arguments[3].Get("DefaultValue"))
	}
	found := []*source.Node{t.root.Get("Mappings").Get(t.said(arguments[0]))}
	mayMiss := found[0] == nil
	for _, key := range arguments[1:3] {
		var below []*source.Node
		for _, n := range found {
			values, sure := t.under(n, t.said(key))
			below, mayMiss = append(below, values...), mayMiss || !sure
		}
		found = below
	}
	if mayMiss {
		found = append(found, otherwise...)
	}
	return found
}

// under are the values of an object under a key, and whether it is sure that there is one.
func (t *tree) under(n *source.Node, key string) (values []*source.Node, sure bool) {
	if strings.Contains(key, "${") {
		return children(n), false
	}
	if value := n.Get(key); value != nil {
		return []*source.Node{value}, true
	}
	return nil, false
}

// saidPlainly is the text of a value that is not one of several.
func (t *tree) saidPlainly(n *source.Node) string {
	switch name := functionOf(n); {
	case name == fnSub && subText(n).Is(source.String):
		return t.saidBySub(n)
	case name == fnJoin && isJoin(n):
		list := n.Members[0].Value.Items
		texts := make([]string, len(list[1].Items))
		for i, item := range list[1].Items {
			texts[i] = t.said(item)
		}
		return strings.Join(texts, list[0].Text)
	}
	return t.withDefaults(t.plainText(n))
}

// inSub is a reference in the text of Fn::Sub, or with an exclamation mark a text that looks like one.
var inSub = regexp.MustCompile(`\$\{(!?)([^}]*)\}`)

// saidBySub is the text of Fn::Sub with its variables, and the defaults of parameters.
func (t *tree) saidBySub(n *source.Node) string {
	var variables *source.Node
	if list := n.Members[0].Value.Elements(); len(list) > 1 {
		variables = list[1]
	}
	return inSub.ReplaceAllStringFunc(subText(n).Text, func(reference string) string {
		parts := inSub.FindStringSubmatch(reference)
		value := variables.Get(parts[2])
		switch {
		case parts[1] != "":
			return "${" + parts[2] + "}"
		case value != nil:
			return t.said(value)
		}
		return t.withDefaults(reference)
	})
}

// withDefaults replaces references to parameters, of Terraform's JSON to variables, by the values that these have when
// none are given.
func (t *tree) withDefaults(text string) string {
	replace := func(reference string, value *source.Node) {
		if value.Scalar() != "" {
			text = strings.ReplaceAll(text, "${"+reference+"}", value.Text)
		}
	}
	for _, m := range t.root.Get("Parameters").Entries() {
		replace(m.Key, m.Value.Get("Default"))
	}
	for _, m := range t.root.Get("variable").Entries() {
		replace("var."+m.Key, m.Value.Get("default"))
	}
	return text
}
