package deploy_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/connect-async/connect-async/internal/testrun"
)

var readmeRow = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| (.*) \\|$")

// TestModuleIsDescribed: the README of the module has a row for each variable and output, and for each resource block,
// and the example gives what is required.
func TestModuleIsDescribed(t *testing.T) {
	for name, stack := range stacks(t) {
		dir := exportFolder(t, stack, "terraform")
		readme := string(readFile(t, dir+"/module/README.md"))
		rows := map[string]string{}
		for _, m := range readmeRow.FindAllStringSubmatch(readme, -1) {
			rows[m[1]] = m[2]
		}
		var required []string
		for _, b := range terraformFile(t, dir+"/module/variables.tf").Blocks {
			row, there := rows[b.Labels[0]]
			if _, given := b.Body.Attributes["default"]; !given {
				required = append(required, b.Labels[0])
				there = there && strings.HasSuffix(row, "| required")
			}
			if !there {
				t.Errorf("%s: the README says of %s: %s", name, b.Labels[0], row)
			}
		}
		for _, b := range terraformFile(t, dir+"/module/outputs.tf").Blocks {
			if rows[b.Labels[0]] == "" {
				t.Errorf("%s: the README lacks the output %s", name, b.Labels[0])
			}
		}
		for _, b := range terraformFile(t, dir+"/module/main.tf").Blocks {
			if b.Type == "resource" && !strings.Contains(readme, "| `"+b.Labels[0]+"."+b.Labels[1]+"` | ") {
				t.Errorf("%s: the README lacks the resource %v", name, b.Labels)
			}
		}
		required = append(required, "package", "source")
		slices.Sort(required)
		if diff := cmp.Diff(required, exampleArguments(t, dir)); diff != "" {
			t.Errorf("%s: required (-), in the example (+):\n%s", name, diff)
		}
	}
}

// exampleArguments are what the example gives to the module.
func exampleArguments(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	for _, b := range terraformFile(t, dir+"/module/examples/minimal/main.tf").Blocks {
		if b.Type == "module" {
			list = slices.Sorted(maps.Keys(b.Body.Attributes))
		}
	}
	return list
}

// TestTestsOfTheModuleHold evaluates the tests that are exported with the module as Terraform does: what they assert of
// a plan, and which variables refuse a value.
func TestTestsOfTheModuleHold(t *testing.T) {
	for name, stack := range stacks(t) {
		if name != "table" && !testrun.IsHeavy() {
			continue
		}
		dir := exportFolder(t, stack, "terraform")
		asserted, refused := 0, 0
		body := terraformFile(t, dir+"/module/tests/module.tftest.hcl")
		given := testValues(t, dir, body)
		for _, run := range body.Blocks {
			if run.Type != "run" {
				continue
			}
			values := maps.Clone(given)
			maps.Copy(values, testValues(t, dir, run.Body))
			if failures := run.Body.Attributes["expect_failures"]; failures != nil {
				refused += refusedIn(t, dir, failures.Expr, values)
				continue
			}
			e, _ := evaluateTerraform(t, dir+"/module", values, commercial)
			for _, b := range run.Body.Blocks {
				if b.Type != "assert" {
					continue
				}
				asserted++
				if e.evaluate(b.Body.Attributes["condition"].Expr).False() {
					t.Errorf("%s, %s: %s", name, run.Labels[0],
						text(e.evaluate(b.Body.Attributes["error_message"].Expr)))
				}
			}
		}
		if asserted < 15 || refused < 10 {
			t.Errorf("%s: %d assertions, %d refused values", name, asserted, refused)
		}
	}
}

// testValues are the values in the block variables of a test file or of a run.
func testValues(t *testing.T, dir string, body *hclsyntax.Body) map[string]string {
	t.Helper()
	e := &terraformEvaluator{t: t, context: terraformContext(dir, commercial)}
	values := map[string]string{}
	for _, b := range body.Blocks {
		if b.Type != "variables" {
			continue
		}
		for name, a := range b.Body.Attributes {
			value, err := convert.Convert(e.evaluate(a.Expr), cty.String)
			if err != nil {
				t.Fatal(err)
			}
			values[name] = value.AsString()
		}
	}
	return values
}

// refusedIn counts the variables that are expected to refuse their value, and do.
func refusedIn(t *testing.T, dir string, expected hclsyntax.Expression, values map[string]string) int {
	t.Helper()
	declared := map[string]*hclsyntax.Body{}
	for _, b := range terraformFile(t, dir+"/module/variables.tf").Blocks {
		declared[b.Labels[0]] = b.Body
	}
	refused := 0
	for _, reference := range expected.Variables() {
		if reference.RootName() != "var" {
			continue // the precondition of a function, which Terraform itself is asked about
		}
		name := reference[1].(hcl.TraverseAttr).Name
		given := cty.StringVal(values[name])
		if isNumber(declared[name]) {
			given = cty.MustParseNumberVal(values[name])
		}
		if terraformAccepts(t, dir, declared[name], name, given) {
			t.Errorf("%s = %q is accepted", name, values[name])
		}
		refused++
	}
	return refused
}

// TestTerraformTestsTheModule has Terraform run the tests of modules, and validate their examples. A module that is
// broken must not pass.
func TestTerraformTestsTheModule(t *testing.T) {
	list := stacks(t)
	list["menu"] = examples(t)["menu"].stack
	needTerraform(t, 2*len(list)+1)
	settings, schema := terraformProvider(t, slices.Collect(maps.Values(list))...)
	for name, stack := range list {
		tf := terraformFor(t, stack, settings, schema, "http://127.0.0.1:1") // which nobody asks
		tf.must(t, "-chdir=module", "init")
		if out := tf.must(t, "-chdir=module", "test"); !strings.Contains(out, "Success! 6 passed, 0 failed.") {
			t.Errorf("%s:\n%s", name, out)
		}
		tf.must(t, "-chdir=module/examples/minimal", "init")
		tf.must(t, "-chdir=module/examples/minimal", "validate")
		if name != "table" {
			continue
		}
		main := string(readFile(t, tf.dir+"/module/main.tf"))
		write(t, tf.dir, "module/main.tf", []byte(strings.ReplaceAll(main, `name       = "${var.name}-${each.key}"`,
			`name       = each.key`)))
		if out, code := tf.run(t, "-chdir=module", "test"); code == 0 ||
			!strings.Contains(out, "The name of the state machine lacks that of the deployment.") {
			t.Errorf("a broken module passes its tests:\n%s", out)
		}
	}
}
