package deploy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// foreign says that a vocabulary does not have a type of value, so that its writer must panic.
const foreign = "foreign"

// written are an example of each type of value, and what each writer makes of the property key: EXAMPLE. CDK's and
// Pulumi's are one writer, which differs where pulumi says something else.
var written = []struct {
	value                                  value
	terraform, cloudFormation, cdk, pulumi string
}{
	{
		value: plain(`a "b"`), terraform: `key = "a \"b\""`, cloudFormation: `key: a "b"`, cdk: `{ key: "a \"b\"", }`,
	},
	{value: number(3), terraform: "key = 3", cloudFormation: "key: 3", cdk: "{ key: 3, }"},
	{value: decimal(0.05), terraform: "key = 0.05", cloudFormation: "key: 0.05", cdk: "{ key: 0.05, }"},
	{value: truth(true), terraform: "key = true", cloudFormation: "key: true", cdk: "{ key: true, }"},
	{
		value: textOf("${var.name}-x"), terraform: `key = "${var.name}-x"`, cloudFormation: "key: Fn::Sub: ${Name}-x",
		cdk: "{ key: `${name}-x`, }", pulumi: "{ key: pulumi.interpolate`${name}-x`, }",
	},
	{
		value: object{{key: "In_side", value: number(1)}}, terraform: "key = { In_side = 1 }",
		cloudFormation: "key: In_side: 1", cdk: "{ key: { inSide: 1, }, }",
	},
	{
		value:          textOf("${arn_name.balance_function_arn}"),
		terraform:      `key = split(":", var.balance_function_arn)[6]`,
		cloudFormation: `key: Fn::Select: - 6 - Fn::Split: - ":" - Ref: BalanceFunctionArn`,
		cdk:            `{ key: cdk.Fn.select(6, cdk.Fn.split(":", balanceFunctionArn)), }`,
		pulumi:         `{ key: balanceFunctionArn.apply((is) => is.split(":")[6]), }`,
	},
	{
		value:     textOf("${partition}:${arn_name.old_arn}"),
		terraform: `key = "${data.aws_partition.current.partition}:${split(":", var.old_arn)[6]}"`,
		cloudFormation: `key: Fn::Sub: - ${AWS::Partition}:${OldArnName} - OldArnName: Fn::Select: - 6 - Fn::Split: ` +
			`- ":" - Ref: OldArn`,
		cdk:    "{ key: `${cdk.Aws.PARTITION}:${cdk.Fn.select(6, cdk.Fn.split(\":\", oldArn))}`, }",
		pulumi: "{ key: pulumi.interpolate`${partition}:${oldArn.apply((is) => is.split(\":\")[6])}`, }",
	},
	{value: list{number(1)}, terraform: "key = [1]", cloudFormation: "key: - 1", cdk: "{ key: [1], }"},
	{
		value: verbatim{{key: "In_side", value: number(1)}}, terraform: "key = { In_side = 1 }",
		cloudFormation: "key: In_side: 1", cdk: "{ key: { In_side: 1, }, }",
	},
	{
		value: encoded{{key: "In_side", value: number(1)}}, terraform: "key = jsonencode({ In_side = 1 })",
		cloudFormation: "key: In_side: 1", cdk: "{ key: { In_side: 1, }, }",
		pulumi: "{ key: pulumi.jsonStringify({ In_side: 1, }), }",
	},
	{
		value: block{{key: "in_side", value: number(1)}}, terraform: "key { in_side = 1 }", cloudFormation: foreign,
		cdk: "{ key: { inSide: 1, }, }",
	},
	{
		value: blocks{{{key: "in_side", value: number(1)}}}, terraform: "key { in_side = 1 }", cloudFormation: foreign,
		cdk: "{ key: [{ inSide: 1, }], }",
	},
	{
		value: numeral{variable: "callers"}, terraform: "key = tostring(var.callers)",
		cloudFormation: "key: Ref: Callers",
		cdk:            "{ key: String(callers), }", pulumi: "{ key: pulumi.interpolate`${callers}`, }",
	},
	{
		value: optional{variable: "topic", value: number(1)}, terraform: `key = var.topic == null ? null : 1`,
		cloudFormation: "key: Fn::If: - HasTopic - 1 - Ref: AWS::NoValue",
		cdk:            `{ key: topic === "" ? undefined : 1, }`,
		pulumi:         `{ key: topic.apply((is) => (is === "" ? undefined : 1)), }`,
	},
	{
		value: fromNumber("reserve"), terraform: "key = var.reserve",
		cloudFormation: "key: Fn::If: - HasReserve - Ref: Reserve - Ref: AWS::NoValue",
		cdk:            "{ key: reserve === -1 ? undefined : reserve, }",
		pulumi:         "{ key: reserve.apply((is) => (is === -1 ? undefined : is)), }",
	},
	{
		value:          optional{variable: "kept", value: number(1), otherwise: number(2)},
		terraform:      "key = var.kept == null ? 2 : 1",
		cloudFormation: "key: Fn::If: - HasKept - 1 - 2", cdk: `{ key: kept === "" ? 2 : 1, }`,
		pulumi: `{ key: pulumi.all([kept, 2]).apply(([is, other]) => (is === "" ? other : 1)), }`,
	},
	{
		value:          optional{variable: "share", value: block{{key: "in_side", value: number(1)}}},
		terraform:      `dynamic "key" { for_each = var.share == null ? [] : [1] content { in_side = 1 } }`,
		cloudFormation: foreign, cdk: `{ key: share === "" ? undefined : { inSide: 1, }, }`,
		pulumi: `{ key: share.apply((is) => (is === "" ? undefined : { inSide: 1, })), }`,
	},
	{
		value: fraction{variable: "share"}, terraform: "key = tonumber(var.share)", cloudFormation: "key: Ref: Share",
		cdk: "{ key: Number(share), }", pulumi: "{ key: share.apply(Number), }",
	},
	{
		value:          optional{variable: "share", value: fraction{variable: "share"}},
		terraform:      "key = var.share == null ? null : tonumber(var.share)",
		cloudFormation: "key: Fn::If: - HasShare - Ref: Share - Ref: AWS::NoValue",
		cdk:            `{ key: share === "" ? undefined : Number(share), }`,
		pulumi:         `{ key: share.apply((is) => (is === "" ? undefined : Number(is))), }`,
	},
	{
		value: keyed{key: textOf("${var.name}"), value: number(1)}, terraform: "key = { (var.name) = 1 }",
		cloudFormation: foreign, cdk: "{ key: name.apply((key) => ({ [key]: 1 })), }",
	},
	{
		value:          document{file: "a.json", json: `"${var.name}"`, references: []string{"var.name"}},
		terraform:      `key = templatefile("${path.module}/a.json", { name = var.name })`,
		cloudFormation: `key: Fn::Sub: "\"${Name}\""`, cdk: `{ key: read("a.json", {"${var.name}": name}), }`,
	},
	{value: expression("each.key"), terraform: "key = each.key", cloudFormation: foreign, cdk: foreign},
	{
		value: packageFile{}, terraform: "key = var.package",
		cloudFormation: "key: S3Bucket: Ref: CodeBucket S3Key: Ref: CodeKey",
		cdk:            "{ key: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey }, }",
		pulumi:         "{ key: new pulumi.asset.FileArchive(packageFile), }",
	},
	{
		value: packageHash{}, terraform: "key = fileexists(var.package) ? filebase64sha256(var.package) : null",
		cloudFormation: foreign, cdk: foreign,
	},
}

// TestEveryWriterKnowsEveryValue writes each type of value with each writer.
func TestEveryWriterKnowsEveryValue(t *testing.T) {
	for _, test := range written {
		if test.pulumi == "" {
			test.pulumi = test.cdk
		}
		o := object{{key: "key", value: test.value}}
		for _, writer := range []struct{ name, want, got string }{
			{"terraform", test.terraform, trying(func() string {
				var b strings.Builder
				(&hclWriter{}).body(&b, o)
				return string(format(b.String()))
			})},
			{"cloudformation", test.cloudFormation, trying(func() string {
				text, err := yaml.Marshal((&templateWriter{optional: map[string]bool{}}).object(o, "$"))
				return string(text) + errorText(err)
			})},
			{"cdk", test.cdk, trying(func() string { return typeScriptOf(cdkWriter(), o) })},
			{"pulumi", test.pulumi, trying(func() string { return typeScriptOf(pulumiWriter(), o) })},
		} {
			if got := strings.Join(strings.Fields(writer.got), " "); got != writer.want {
				t.Errorf("%s, %T:\ngot  %s\nwant %s", writer.name, test.value, got, writer.want)
			}
		}
	}
}

func typeScriptOf(w *typeScript, o object) string { return w.object(o, "", w.property) }

// trying returns what a writer writes, or foreign when it panics with the type that it does not know.
func trying(write func() string) (text string) {
	defer func() {
		if reason := recover(); reason != nil {
			text = foreign
			if !strings.Contains(fmt.Sprint(reason), "cannot write a deploy.") {
				text = fmt.Sprint(reason)
			}
		}
	}()
	return write()
}

func errorText(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}

// TestEveryValueIsWritten checks that the test above leaves no type of value out.
func TestEveryValueIsWritten(t *testing.T) {
	tested := map[string]bool{}
	for _, test := range written {
		tested[strings.TrimPrefix(fmt.Sprintf("%T", test.value), "deploy.")] = true
	}
	file, err := parser.ParseFile(token.NewFileSet(), "resource.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "isValue" {
			declared = append(declared, f.Recv.List[0].Type.(*ast.Ident).Name)
		}
	}
	slices.Sort(declared)
	if diff := cmp.Diff(declared, slices.Sorted(maps.Keys(tested))); diff != "" {
		t.Errorf("types of values (-), tested ones (+):\n%s", diff)
	}
}
