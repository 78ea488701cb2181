package deploy_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/testrun"
)

// TestPulumiComponent runs the program with the real SDK: every resource is in the component and begins with its name,
// and whatever the program made before it had a component is found again under its former URN, so that nothing is
// replaced. testdata/pulumi-before.txt has what that program registered.
func TestPulumiComponent(t *testing.T) {
	const component = "urn:pulumi:test::bank::connect-async:index:ConnectAsync::connectAsync"
	given := givenAs("packageFile", environments["table"])
	former := map[string]string{}
	for _, r := range registered(t, stacks(t)["table"], given, commercial) {
		if !r.Custom {
			if r.Type != "connect-async:index:ConnectAsync" || r.Name != "connectAsync" || len(r.Before) > 0 {
				t.Errorf("the component is %s %s, before %v", r.Type, r.Name, r.Before)
			}
			continue
		}
		if r.Parent != component || !strings.HasPrefix(r.Name, "connectAsync-") {
			t.Errorf("%s is in %q", r.Name, r.Parent)
		}
		for _, before := range r.Before {
			if other := former[before]; other != "" {
				t.Errorf("%s and %s were both %s", other, r.Name, before)
			}
			former[before] = r.Name
		}
	}
	for urn := range strings.Lines(string(readFile(t, filepath.Join("testdata", "pulumi-before.txt")))) {
		if former[strings.TrimSpace(urn)] == "" {
			t.Errorf("%s is replaced", strings.TrimSpace(urn))
		}
	}
}

// ownProgram is a program of somebody's own with the component twice, the instance of one of which is known only later,
// and with values that are refused.
const ownProgram = `import * as pulumi from "@pulumi/pulumi";
import { ConnectAsync, ConnectAsyncArgs } from "./connect-async";

const given = {
  holdMusicPromptArn: "MUSIC",
  payFunctionArn: pulumi.output(Promise.resolve("PAY")),
  kmsKeyArn: "KEY",
};
const made = ["one", "two"].map(
  (name) => new ConnectAsync(name, { name, instanceArn: pulumi.output(Promise.resolve("INSTANCE")), ...given }),
);
const wrong: Partial<ConnectAsyncArgs>[] = [{ memoryMb: 1 }, { instanceArn: "here" }, { name: "a b" }];
for (const args of wrong) {
  let message = "";
  try {
    new ConnectAsync("wrong", { instanceArn: "INSTANCE", ...given, ...args });
  } catch (error) {
    message = String(error);
  }
  if (!message.includes("The value of " + Object.keys(args)[0] + " is not valid")) {
    throw new Error("not refused: " + JSON.stringify(args) + message);
  }
}
export const arns = made.map((component) => component.asyncFunctionArn);
`

// TestPulumiComponentInAnotherProgram: the component can be made twice, takes outputs of other resources, and refuses a
// wrong value before it makes anything.
func TestPulumiComponentInAnotherProgram(t *testing.T) {
	testrun.Heavy(t)
	program := strings.NewReplacer("MUSIC", musicARN, "PAY", payARN, "KEY", keyARN, "INSTANCE", instanceARN)
	folder := func() string {
		dir := t.TempDir()
		export(t, stacks(t)["table"], "pulumi", dir)
		write(t, dir, "index.ts", []byte(program.Replace(ownProgram)))
		return dir
	}
	checkTypes(t, folder())
	list := runPulumi(t, folder(), "{}", commercial)
	urns, names := map[string]bool{}, map[string]int{}
	for _, r := range list {
		if len(r.Before) > 0 {
			t.Errorf("%s takes over %v", r.Name, r.Before)
		}
		if !r.Custom {
			continue
		}
		if urn := r.Parent + r.Type + r.Name; urns[urn] || strings.Contains(r.Parent, "wrong") {
			t.Errorf("%s is made", urn)
		} else {
			urns[urn] = true
		}
		if r.Type == "aws:lambda/function:Function" {
			names[r.Inputs["name"].(string)]++
		}
	}
	want := map[string]int{"one-async": 1, "one-ends": 1, "two-async": 1, "two-ends": 1}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("functions wanted (-), made (+):\n%s", diff)
	}
}
