package instance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/instance"
)

// TestNames: each ID and ARN becomes what the stage, else the instance calls it. What has no name, shares one, or is of
// another instance stays.
func TestNames(t *testing.T) {
	other := strings.Replace(arn, "aaaaaaaa", "cccccccc", 1)
	for _, test := range []struct {
		parameter, value, queues string // queues of the stage, "" for no stage
		want                     string // "" for the value itself, without a name
	}{
		{parameter: "QueueId", value: id("1"), want: "${queue:Billing-team}"},
		{parameter: "QueueId", value: arn + "/queue/" + id("1"), want: "${queue:Billing-team}"},
		{parameter: "QueueId", value: id("1"), queues: "{billing: " + id("1") + "}", want: "${queue:billing}"},
		{parameter: "QueueId", value: id("1"), queues: "{Billing-team: " + id("7") + "}"},
		{parameter: "QueueId", value: id("7"), queues: "{far: " + id("7") + "}", want: "${queue:far}"},
		{parameter: "QueueId", value: id("2"), want: "${queue:bersee}"},
		{parameter: "QueueId", value: id("9")},
		{parameter: "QueueId", value: other + "/queue/" + id("1")},
		{parameter: "QueueId", value: "$.Attributes.queue", want: "$.Attributes.queue"},
		{parameter: "QueueId", value: "${queue:billing}", want: "${queue:billing}"},
		{parameter: "QueueId", value: "QUEUE", want: "QUEUE"},
		{parameter: "PromptId", value: id("3")},
		{parameter: "FlowModuleId", value: id("6") + ":$LATEST", want: "${module:Look-up}"},
		{parameter: "FlowModuleId", value: id("6") + ":3"},
		{parameter: "ContactFlowId", value: id("5"), want: "${flow:Main}"},
	} {
		api := newFake(map[string]string{test.parameter: test.value})
		in := &instance.Instance{ARN: arn, API: api}
		if test.queues != "" {
			in.Stage = stage(t, test.queues)
		}
		v := read(t, in)
		got := v.Flow.Action(test.parameter).Text(test.parameter)
		isUnnamed := slices.Equal(v.Unnamed, []string{test.value})
		if want := test.want; want != "" && (got != want || len(v.Unnamed) > 0) || want == "" && (got != test.value ||
			!isUnnamed) {
			t.Errorf("%s %s: %s, without a name %q", test.parameter, test.value, got, v.Unnamed)
		}
		if asked := slices.Clone(api.asked); len(slices.Compact(slices.Sorted(slices.Values(asked)))) < len(asked) {
			t.Errorf("%v is asked twice", asked)
		}
	}
}

// TestValues: placeholders become what the stage, else the instance says, and those that mean nothing are reported with
// their place.
func TestValues(t *testing.T) {
	for _, test := range []struct {
		value, queues string
		want          string // or a part of the finding
		fails         bool
	}{
		{value: "${queue:Billing-team}", want: arn + "/queue/" + id("1")},
		{value: "${queue:Billing-team}", queues: "{Billing-team: " + id("7") + "}", want: arn + "/queue/" + id("7")},
		{value: "${queue:Billing-team}", queues: "{far: " + id("7") + "}", want: arn + "/queue/" + id("1")},
		{value: id("1"), want: id("1")},
		{value: "${queue:far}", fails: true, want: "has queues: {far: ARN}"},
		{value: "${queue:far}", queues: "{near: " + id("7") + "}", fails: true, want: "stage dev in the project file"},
		{value: "${bot:far}", fails: true, want: "Pass --stage"},
	} {
		in := &instance.Instance{ARN: arn, API: newFake(nil)}
		if test.queues != "" {
			in.Stage = stage(t, test.queues)
		}
		l := local(t, "a.json", flowWith(map[string]string{"QueueId": test.value}))
		d, missing, err := in.Prepare(t.Context(), instance.Comparison{Local: l, IsNew: true})
		if err != nil || test.fails != (len(missing) == 1) {
			t.Errorf("%s: %v %v", test.value, missing, err)
			continue
		}
		if test.fails {
			f := missing[0]
			if f.Pos.Line != 1 || f.Code != instance.CodeUnnamed || !strings.Contains(f.Remedy, test.want) {
				t.Errorf("%s: %+v", test.value, f)
			}
			continue
		}
		if !strings.Contains(d.Content, `"QueueId":"`+test.want+`"`) {
			t.Errorf("%s: %s", test.value, d.Content)
		}
	}
}

// TestWords: what has another name in the instance is named as the project does.
func TestWords(t *testing.T) {
	in := &instance.Instance{ARN: arn, API: newFake(map[string]string{"FlowModuleId": id("6")}),
		Words: map[string]string{"Look up": "look-up"}}
	if got := read(t, in).Flow.Action("FlowModuleId").Text("FlowModuleId"); got != "${module:look-up}" {
		t.Error(got)
	}
}

// TestFileNames: files keep their names, others get one made of the flow's, and no two are the same.
func TestFileNames(t *testing.T) {
	r := instance.Record{Instances: map[string]map[string]instance.Entry{
		arn:     {"old.json": {Name: "Renamed since", Type: "CONTACT_FLOW", ID: id("1")}},
		"other": {"theirs.json": {Name: "Both", Type: "CONTACT_FLOW", ID: id("9")}, "billing.json": {Name: "x"}},
	}}
	flow := func(digits, name string) instance.Listed {
		return instance.Listed{ID: id(digits), Name: name, Type: "CONTACT_FLOW"}
	}
	for name, want := range map[string]string{"Renamed": "old.json", "Both": "theirs.json", "Billing": "billing-2.json",
		"../../etc/passwd": "etc-passwd.json", "???": "flow.json", "Übersee №1": "übersee-1.json",
		strings.Repeat("a", 300): strings.Repeat("a", 64) + ".json"} {
		l := flow("2", name)
		if name == "Renamed" {
			l.ID = id("1")
		}
		if got := r.FileNames(arn, []instance.Listed{l}); got[0] != want {
			t.Errorf("%q is in %s, want %s", name, got[0], want)
		}
	}
	got := r.FileNames(arn, []instance.Listed{flow("3", "A b"), flow("4", "a B"), flow("5", "Both"), flow("6", "Both")})
	if want := []string{"a-b.json", "a-b-2.json", "theirs.json", "both.json"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if len(r.Instances[arn]) != 1 {
		t.Errorf("naming files changes the record")
	}
}
