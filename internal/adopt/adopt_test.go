package adopt_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/adopt"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// shop is a flow as people have them: two functions, of which the second is slow.
const shop = `{
  "Version": "2019-10-30", "StartAction": "who",
  "Metadata": {
    "entryPointPosition": {"x": 20, "y": 20},
    "ActionMetadata": {
      "who": {"position": {"x": 100.0, "y": 20}},
      "Check order": {"position": {"x": 340, "y": 20}, "isFriendlyName": true, "dynamicMetadata": {"order": true}},
      "tell": {"position": {"x": 580, "y": 20}}, "sorry": {"position": {"x": 580, "y": 260}}
    }
  },
  "Actions": [
    {"Identifier": "who", "Type": "InvokeLambdaFunction", "Parameters": {
      "LambdaFunctionARN": "arn:aws:lambda:eu-west-1:123456789012:function:who", "InvocationTimeLimitSeconds": "3"},
     "Transitions": {"NextAction": "Check order", "Errors": [{"NextAction": "sorry", "ErrorType": "NoMatchingError"}]}},
    {"Parameters": {
      "LambdaFunctionARN": "arn:aws:lambda:eu-west-1:123456789012:function:check:live",
      "InvocationTimeLimitSeconds": "8",
      "LambdaInvocationAttributes": {"action": "look", "order": "$.Attributes.order",
        "who": "$.External.name", "nested": {"level": 1.50, "of": ["$.LambdaInvocation.ResultData.id", true]}}},
     "Identifier": "Check order", "Type": "InvokeLambdaFunction",
     "Transitions": {"NextAction": "tell", "Errors": [{"NextAction": "sorry", "ErrorType": "NoMatchingError"}]}},
    {"Identifier": "tell", "Type": "MessageParticipant",
     "Parameters": {"Text": "Order \u0024.External.order_id: $.External.['the status'], \"na\u00efve\" \ud83d\ude00."},
     "Transitions": {"NextAction": "bye", "Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},
    {"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "Sorry."},
     "Transitions": {"NextAction": "bye", "Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},
    {"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
  ]
}
`

// adopted adopts a block of a flow.
func adopted(t testing.TB, text, name, module string) (adopt.Adopted, *flowlang.Flow) {
	t.Helper()
	f := read(t, "shop.json", []byte(text))
	block, err := adopt.Block(f, name)
	if err != nil {
		t.Fatal(err)
	}
	done, err := adopt.Flow(adopt.Options{Flow: f, Text: []byte(text), Block: block,
		FunctionARN: flowlang.Async.String(), Job: "check", Module: module, ModuleName: "wait"})
	if err != nil {
		t.Fatal(err)
	}
	return done, read(t, "shop.json", done.Flow)
}

// TestParametersAreKept: what the block gave its function, the loop gives it in every round. What it read from the
// reply before, which the loop replaces, is kept.
func TestParametersAreKept(t *testing.T) {
	_, f := adopted(t, shop, "Check order", "")
	keep, run := f.Action("Check order"), f.Action("Run")
	if keep.Type != flowlang.UpdateFlowAttributes || run == nil || keep.Success().To != run {
		t.Fatalf("the loop begins with %s", keep.Type)
	}
	want := `{"check_who":{"Value":"$.External.name"},` +
		`"check_nested_of_0":{"Value":"$.LambdaInvocation.ResultData.id"}}`
	if got, _ := keep.Param("FlowAttributes").MarshalJSON(); string(got) != want {
		t.Errorf("kept are %s, want %s", got, want)
	}
	for _, name := range []string{"Run", "Run again", "Cancel"} {
		inputs := f.Action(name).Param("LambdaInvocationAttributes")
		got := object(t, inputs, "action", "order", "who", "nested")
		if want := `{"action":"look","order":"$.Attributes.order","who":"$.FlowAttributes.check_who",` +
			`"nested":{"level":1.50,"of":["$.FlowAttributes.check_nested_of_0",true]}}`; got != want {
			t.Errorf("%s sends %s, want %s", name, got, want)
		}
		if inputs.Get("sfn_keys").Str() != "prefixed" || inputs.Get("sfn_job").Str() != "check" {
			t.Errorf("%s does not ask the async function as it should", name)
		}
	}
}

// object is a part of an object as JSON.
func object(t *testing.T, n *source.Node, keys ...string) string {
	t.Helper()
	var parts []string
	for _, key := range keys {
		value, err := n.Get(key).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, fmt.Sprintf("%q:%s", key, value))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// TestModuleReturnsWhatIsRead: the flow reads from the module's result what it read from the reply.
func TestModuleReturnsWhatIsRead(t *testing.T) {
	done, f := adopted(t, shop, "Check order", moduleID)
	want := `"Order $.Modules.ResultData.order_id: $.Modules.ResultData.the_status, \"naïve\" 😀."`
	if !bytes.Contains(done.Flow, []byte(want)) {
		t.Errorf("no %s in\n%s", want, done.Flow)
	}
	block := f.Action("Check order")
	if got := object(t, block.Param("Input"), "order", "who", "nested_of_0"); got != `{"order":"$.Attributes.order",`+
		`"who":"$.External.name","nested_of_0":"$.LambdaInvocation.ResultData.id"}` {
		t.Errorf("the module gets %s", got)
	}
	if to := block.Result("SUCCESS"); to == nil || to.To != f.Action("tell") ||
		block.Failed(flowlang.NoMatchingError).To != f.Action("sorry") ||
		block.Error(flowlang.NoMatchingCondition).To != f.Action("sorry") {
		t.Error("the module's branches lead elsewhere than the block's")
	}
	module := read(t, "module.json", done.Module)
	if got := object(t, module.Action("Return the result").Param("ResultData"), "order_id", "the_status"); got !=
		`{"order_id":"$.External.order_id","the_status":"$.External.['the status']"}` {
		t.Errorf("the module returns %s", got)
	}
	if got := object(t, module.Action("Run").Param("LambdaInvocationAttributes"), "action", "who"); got !=
		`{"action":"look","who":"$.Modules.Input.who"}` {
		t.Errorf("the function gets %s", got)
	}
}

// TestFormsOfTexts adopts a flow in every form that a file may have: what is not the block's keeps it.
func TestFormsOfTexts(t *testing.T) {
	compact := string(marshal(t, shop))
	for name, text := range map[string]string{
		"as it is": shop, "compact": compact, "with a mark": "\xef\xbb\xbf" + shop,
		"CRLF": strings.ReplaceAll(shop, "\n", "\r\n"), "tabs": strings.ReplaceAll(shop, "  ", "\t"),
	} {
		done, _ := adopted(t, text, "Check order", "")
		f := read(t, "shop.json", []byte(text))
		sameBytes(t, f, []byte(text), f.Action("Check order"), read(t, "shop.json", done.Flow), done)
		got := string(done.Flow)
		if lines := strings.Count(got, "\n"); strings.Count(got, "\r\n") != lines && name == "CRLF" ||
			name == "compact" && lines > 0 || strings.HasPrefix(text, "\xef") != strings.HasPrefix(got, "\xef") {
			t.Errorf("%s: the form changed:\n%s", name, got)
		}
		if again, _ := adopted(t, text, "Check order", ""); !bytes.Equal(again.Flow, done.Flow) {
			t.Errorf("%s: the same flow is adopted in two ways", name)
		}
	}
}

func marshal(t *testing.T, text string) []byte {
	t.Helper()
	doc, err := source.ParseJSON("shop.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	compact, err := doc.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

// TestNewBlocksHaveRoom: no new block covers another one.
func TestNewBlocksHaveRoom(t *testing.T) {
	_, f := adopted(t, shop, "Check order", "")
	entries := f.Doc.Get("Metadata").Get("ActionMetadata").Entries()
	for i, a := range entries {
		for _, b := range entries[:i] {
			dx, dy := distance(t, a, b, "x"), distance(t, a, b, "y")
			if dx < 180 && dy < 120 && !(strings.Contains("who Check order tell sorry", a.Key) &&
				strings.Contains("who Check order tell sorry", b.Key)) {
				t.Errorf("%s and %s are %v and %v apart", a.Key, b.Key, dx, dy)
			}
		}
	}
	if len(entries) != 4+8 {
		t.Errorf("%d blocks have a place", len(entries))
	}
}

func distance(t *testing.T, a, b source.Member, axis string) float64 {
	t.Helper()
	var x, y float64
	for at, m := range map[*float64]source.Member{&x: a, &y: b} {
		if _, err := fmt.Sscan(m.Value.Get("position").Get(axis).Scalar(), at); err != nil {
			t.Fatal(err)
		}
	}
	return max(x-y, y-x)
}

// TestRefused: what cannot be adopted is refused with a place to look at and a way out.
func TestRefused(t *testing.T) {
	many := `,{"Identifier":"a%d","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}`
	var filler strings.Builder
	for i := range 240 {
		fmt.Fprintf(&filler, many, i)
	}
	end := "\n  ]\n}\n"
	toTell, check := `"Transitions": {"NextAction": "tell", "Errors"`, "Check order"
	for name, test := range map[string]struct{ old, new, action, module, code, remedy string }{
		"no action":  {action: "Cheque", code: adopt.CodeUnknown, remedy: `"Check order" (check, line 15)`},
		"two blocks": {code: adopt.CodeSeveral, remedy: `"who" (who, line 12)`},
		"a prompt":   {action: "tell", code: adopt.CodeOtherType, remedy: "Pass --action"},
		"no error branch": {old: toTell, new: strings.Replace(toTell, "Errors", "X", 1), action: check,
			code: adopt.CodeUnconnected, remedy: "Connect both"},
		"asynchronous": {old: `"InvocationTimeLimitSeconds": "8"`, new: `"InvocationType": "ASYNCHRONOUS"`,
			action: check, code: adopt.CodeAsynchronous, remedy: "60 s"},
		"a count": {old: `"action"`, new: `"count"`, action: check, code: adopt.CodeParameter,
			remedy: "another name"},
		"filled in": {old: `"action"`, new: `"${a}"`, action: check, code: adopt.CodeFilledIn,
			remedy: "describe-contact-flow"},
		"too large": {old: end, new: filler.String() + end, action: check, code: adopt.CodeTooLarge,
			remedy: "--as module"},
		"a dead branch": {old: `"NextAction": "bye"`, new: `"NextAction": "gone"`, action: check,
			code: "dangling-branch", remedy: ""},
		"another type, perhaps": {old: `"Type": "DisconnectParticipant"`, new: `"Type": "EndFlowExecution"`,
			action: check, code: adopt.CodeType, remedy: "Pass --type"},
		"another function's reply": {old: `"NextAction": "Check order", "Errors": [{"NextAction": "sorry"`,
			new: `"NextAction": "tell", "Errors": [{"NextAction": "Check order"`, action: check, module: moduleID,
			code: adopt.CodeReply, remedy: "in place"},
		"another module's result": {old: `"Text": "Order `, new: `"Text": "$.Modules.ResultData.id`, action: check,
			module: moduleID, code: adopt.CodeReply, remedy: "in place"},
	} {
		text := strings.Replace(shop, test.old, test.new, 1)
		f := read(t, "shop.json", []byte(text))
		block, err := adopt.Block(f, test.action)
		if err == nil {
			_, err = adopt.Flow(adopt.Options{Flow: f, Text: []byte(text), Block: block, FunctionARN: "async",
				Job: "check", Module: test.module})
		}
		found, ok := errors.AsType[source.Finding](err)
		if !ok || found.Code != test.code || !strings.Contains(found.Remedy, test.remedy) {
			t.Errorf("%s: %v %q", name, err, found.Remedy)
		}
	}
}

// TestFlowTypes: where a caller cannot be talked to, nothing is adopted.
func TestFlowTypes(t *testing.T) {
	f := read(t, "shop.json", []byte(shop))
	for _, flowType := range []flowlang.Type{flowlang.ContactFlow, flowlang.Module, flowlang.AgentTransfer,
		flowlang.QueueTransfer, flowlang.CustomerQueue, flowlang.CustomerHold, flowlang.AgentHold,
		flowlang.CustomerWhisper, flowlang.AgentWhisper, flowlang.OutboundWhisper, flowlang.Campaign} {
		block := f.Action("Check order")
		done, err := adopt.Flow(adopt.Options{Flow: f.WithType(flowType), Text: []byte(shop), Block: block,
			FunctionARN: flowlang.Async.String(), Job: "check"})
		works := strings.Contains("CONTACT_FLOW MODULE AGENT_TRANSFER QUEUE_TRANSFER", string(flowType))
		if works != (err == nil) {
			t.Errorf("%s: %v", flowType, err)
		}
		if flowType == flowlang.Module && bytes.Contains(done.Flow, []byte(flowlang.UpdateFlowAttributes)) {
			t.Error("a module gets flow attributes")
		}
		if found, _ := errors.AsType[source.Finding](err); err != nil && (found.Remedy == "" ||
			strings.Contains(found.Remedy, "Choose the style")) {
			t.Errorf("%s: %q", flowType, found.Remedy)
		}
	}
}

// TestMutatedFlows changes flows at random: each is adopted or refused, nothing panics, and what comes out is a flow
// that can be played if the one that came in could be.
func TestMutatedFlows(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	pieces := []string{`"`, `{`, `}`, `[`, `]`, `,`, `null`, `1e9`, `"$.External.a"`, `"${x}"`, `\u`, `{}`, `[]`,
		`"sorry"`,
		`"Check order"`, `"Errors"`, `"x": 1,`, "\x00", `"position"`, `"\ud800"`}
	tried, works := testrun.Soak(t, 200), 0
	for i := range tried {
		text := shop
		for range 1 + random.IntN(3) {
			at := random.IntN(len(text))
			end := min(len(text), at+random.IntN(12))
			text = text[:at] + pieces[random.IntN(len(pieces))] + text[end:]
		}
		f, err := flowlang.Parse("shop.json", []byte(text))
		if err != nil {
			continue
		}
		for _, module := range []string{"", moduleID} {
			block, err := adopt.Block(f, "Check order")
			if err != nil {
				continue
			}
			done, err := adopt.Flow(adopt.Options{Flow: f, Text: []byte(text), Block: block, FunctionARN: "async",
				Job: "check", Module: module, ModuleName: "wait"})
			if err != nil {
				continue
			}
			works++
			if found := flowlang.Unplayable(read(t, "shop.json", done.Flow).Check()); len(found) > 0 {
				t.Fatalf("try %d: %v in\n%s", i, found, cmp.Diff(text, string(done.Flow)))
			}
		}
	}
	if works == 0 {
		t.Errorf("none of %d flows was adopted", tried)
	}
}
