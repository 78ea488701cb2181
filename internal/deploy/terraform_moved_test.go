package deploy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// moves are the moved blocks of an exported module: new addresses by old ones.
func moves(t *testing.T, dir string) map[string]string {
	t.Helper()
	text := readFile(t, dir+"/module/moved.tf")
	list := map[string]string{}
	for _, b := range terraformFile(t, dir+"/module/moved.tf").Blocks {
		at := func(name string) string {
			at := b.Body.Attributes[name].Expr.Range()
			return string(at.SliceBytes(text))
		}
		if list[at("from")] != "" {
			t.Errorf("%s is moved twice", at("from"))
		}
		list[at("from")] = at("to")
	}
	return list
}

// addresses are those of all resources of an exported module.
func addresses(t *testing.T, dir string, given map[string]string) []string {
	t.Helper()
	all := map[string]string{"package": "async-function.zip"}
	for k, v := range given {
		all[k] = v
	}
	var list []string
	for _, r := range readTerraform(t, dir+"/module", all, commercial) {
		list = append(list, r.address())
	}
	slices.Sort(list)
	return list
}

// TestResourcesOfTheEarlierExportStay: testdata/addresses has the resources of the exports when each was written by
// itself. Their moved blocks lead to exactly those that there are now, so that Terraform neither destroys nor creates.
func TestResourcesOfTheEarlierExportStay(t *testing.T) {
	for name, stack := range stacks(t) {
		if name == "alias" || name == "late" {
			continue // there was no such export
		}
		dir := t.TempDir()
		export(t, stack, "terraform", dir)
		moved, now := moves(t, dir), addresses(t, dir, environments[name])
		var stayed []string
		for _, old := range strings.Fields(string(readFile(t, "testdata/addresses/"+name+".txt"))) {
			if to, ok := moved[old]; ok {
				delete(moved, old)
				old = to
			}
			stayed = append(stayed, old)
		}
		slices.Sort(stayed)
		if diff := cmp.Diff(stayed, now); diff != "" {
			t.Errorf("%s: after moving (-), in the module (+):\n%s", name, diff)
		}
		if len(moved) > 0 {
			t.Errorf("%s: nothing was called %v", name, moved)
		}
	}
}

// TestJobsAreWrittenOnce: however many jobs there are, the module has one resource for the logs, roles, policies and
// state machines of all of them.
func TestJobsAreWrittenOnce(t *testing.T) {
	count := map[string]int{}
	for name, stack := range stacks(t) {
		dir := t.TempDir()
		export(t, stack, "terraform", dir)
		for _, b := range terraformFile(t, dir+"/module/main.tf").Blocks {
			if b.Type == "resource" && isForEach(b) {
				count[name]++
			}
		}
	}
	if count["describe"] != 6 || count["table"] != count["describe"] {
		t.Errorf("resources with for_each: %v", count)
	}
}

func isForEach(b *hclsyntax.Block) bool { return b.Body.Attributes["for_each"] != nil }
