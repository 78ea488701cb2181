package scaffold

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/source"
)

// TestParametersAndKeysAreFound reads the code of functions as people write them.
func TestParametersAndKeysAreFound(t *testing.T) {
	for _, test := range []struct{ code, parameters, keys string }{
		{`order = event["Details"]["Parameters"]["order"]
return {"state": 1, 'day': 2}`, "order", "state day"},
		{`p = event.get("Details", {}).get("Parameters", {})
a, b = p.get("a"), p["b"]
return dict(x=1)`, "a b", ""},
		{`p = event['Details']['Parameters'] or {}
return {
    "balance": f"{x:.2f}",
    "day": today(),
}`, "", "balance day"},
		{`value = event["Details"].get("Parameters", {}).get("account")
result = {"ok": True, "name": n}
return result`, "account", "ok name"},
		{"const { account, kind: type = 'a' } = event.Details.Parameters;\nreturn { balance, account };",
			"account kind", "balance account"},
		{"const p = event.Details?.Parameters ?? {};\nconst x = p.order;\nreturn ({ 'a-b': 1, c: x });", "order",
			"c"},
		{"exports.run = async (event) => ({ state: event.Details.Parameters.order })", "order", "state"},
		{`order = {"id": 7, "lines": [1], "by": {"name": n}}
return {"order": order, "first": {"day": d, 'list': []}, "all": json.loads(x), "n": len(x)}`, "",
			"order_id order_by_name first_day n"},
		{"const items = [1];\nconst order = { id: 1 };\nconst raw = await response.json();\n" +
			"return { order, items, raw, total: 2 };", "", "order_id total"},
		{"a = {\"a\": a, \"x\": 1}\nreturn a", "", "a_a_a_x a_a_x a_x x"},
		{"return { statusCode: 200, body: JSON.stringify({ a: 1 }) }", "", ""},
		{"return event", "", ""},
	} {
		if got := strings.Join(parametersOf(test.code), " "); got != test.parameters {
			t.Errorf("%s\nparameters %q, want %q", test.code, got, test.parameters)
		}
		if got := strings.Join(returnedBy(test.code), " "); got != test.keys {
			t.Errorf("%s\nkeys %q, want %q", test.code, got, test.keys)
		}
	}
}

// TestYAMLText checks that whatever is written in a project file is read again as it was.
func TestYAMLText(t *testing.T) {
	for _, text := range []string{"plain words", "", "yes", "No", "12", "1.5", "0x1F", ".5", ".inf", ".env", "../x/y",
		"./a", "-", "- a", "a: b", "a #b", "it's", `"q"`, "{a}", "[a]", "&a", "*a", "!a", "%a", "@a", "`a`", "|", ">",
		"?",
		"$.External.a, $.b", "a\nb", "tab\there", "ends:", " lead", "trail ", "ä ß é", "~", "null", "2026-11-26", "1e5",
		"a - b", "\u2028", "<speak>x</speak>", "on", "=", "<<", "NaN", "a\\b"} {
		doc, err := source.ParseYAML("a.yaml", []byte("key: "+yamlText(text)+"\nlist:\n  - "+yamlText(text)+"\n"))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		for _, n := range []*source.Node{doc.Get("key"), doc.Get("list").Elements()[0]} {
			if !n.Is(source.String) || n.Text != text {
				t.Errorf("%q is read as %q (kind %d)", text, n.Scalar(), n.Kind)
			}
		}
	}
}
