package deploy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// hclWriter writes resources in HashiCorp's configuration language.
type hclWriter struct {
	addresses map[string]string // of resources in the module, by key
	arns      map[string]string // expressions for ARNs, by the text that the model puts the ARN together from
	machines  []string          // the addresses of the state machines
	// What stands for the job in what is written once for all jobs: its name in AWS, and the rest.
	jobName, jobValue string
}

func format(source string) []byte { return hclwrite.Format([]byte(source)) }

func quoted(s string) string { return string(hclwrite.TokensForValue(cty.StringVal(s)).Bytes()) }

// resource writes a resource. head are lines above its attributes.
func (w *hclWriter) resource(r resource, label, head string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "resource %q %q {\n%s", r.kind, label, head)
	w.body(&b, r.properties)
	switch r.kind {
	case "aws_lambda_function":
		b.WriteString(packagePrecondition)
	case "aws_lambda_alias":
		b.WriteString(aliasPrecondition)
	}
	if len(r.after) > 0 {
		var addresses []string
		for _, key := range r.after {
			addresses = append(addresses, w.blockOf(key))
		}
		fmt.Fprintf(&b, "\ndepends_on = [%s]\n", strings.Join(addresses, ", "))
	}
	b.WriteString("}\n")
	return b.String()
}

// blockOf is the address of all instances of a resource, by its key.
func (w *hclWriter) blockOf(key string) string {
	address, _, _ := strings.Cut(w.addresses[key], "[")
	return address
}

// body writes attributes first and blocks after them.
func (w *hclWriter) body(b *strings.Builder, o object) {
	var nested object
	for _, f := range o {
		switch v := f.value.(type) {
		case block:
			nested = nested.with(f.key, object(v))
		case blocks:
			for _, each := range v {
				nested = nested.with(f.key, each)
			}
		case optional:
			if _, isBlock := v.value.(block); isBlock {
				nested = nested.with(f.key, v)
			} else {
				fmt.Fprintf(b, "%s = %s\n", f.key, w.value(v))
			}
		default:
			fmt.Fprintf(b, "%s = %s\n", f.key, w.value(v))
		}
	}
	for _, f := range nested {
		w.block(b, f)
	}
}

// block writes a block, or one that is left out where a variable is null.
func (w *hclWriter) block(b *strings.Builder, f field) {
	o, isOptional := f.value.(optional)
	if !isOptional {
		fmt.Fprintf(b, "\n%s {\n", f.key)
		w.body(b, f.value.(object))
		b.WriteString("}\n")
		return
	}
	fmt.Fprintf(b, "\ndynamic %q {\nfor_each = var.%s == null ? [] : [1]\n\ncontent {\n", f.key, o.variable)
	w.body(b, object(o.value.(block)))
	b.WriteString("}\n}\n")
}

func (w *hclWriter) value(v value) string {
	switch v := v.(type) {
	case plain:
		return quoted(string(v))
	case number:
		return strconv.Itoa(int(v))
	case decimal:
		return v.String()
	case truth:
		return strconv.FormatBool(bool(v))
	case text:
		return w.text(v)
	case object:
		return w.object(v)
	case verbatim:
		return w.object(object(v))
	case encoded:
		return "jsonencode(" + w.object(object(v)) + ")"
	case list:
		return w.list(v)
	case optional:
		return w.optional(v)
	case document:
		return w.document(v)
	case numeral:
		return "tostring(var." + v.variable + ")"
	case fraction:
		return "tonumber(var." + v.variable + ")"
	case keyed:
		return "{ (" + w.text(v.key) + ") = " + w.value(v.value) + " }"
	case expression:
		return string(v)
	case packageFile:
		return "var.package"
	case packageHash:
		return "fileexists(var.package) ? filebase64sha256(var.package) : null"
	}
	panic(unknown("the writer of HCL", v)) // blocks among them: body writes them
}

// optional is null or another value where the variable is null, as a variable that is not set is.
func (w *hclWriter) optional(v optional) string {
	name := "var." + v.variable
	value := w.value(v.value)
	switch {
	case v.otherwise != nil:
		return fmt.Sprintf("%s == null ? %s : %s", name, w.value(v.otherwise), value)
	case value == name:
		return name
	}
	return fmt.Sprintf("%s == null ? null : %s", name, value)
}

func (w *hclWriter) object(o object) string {
	var b strings.Builder
	b.WriteString("{\n")
	for _, f := range o {
		if f.comment != "" {
			b.WriteString("# " + f.comment + "\n")
		}
		fmt.Fprintf(&b, "%s = %s\n", w.key(f.key), w.value(f.value))
	}
	b.WriteString("}")
	return b.String()
}

// key is a key of an object: a name, or a text in which the job is named.
func (w *hclWriter) key(key string) string {
	if plainKey.MatchString(key) {
		return key
	}
	return w.text(textOf(key))
}

func (w *hclWriter) list(l list) string {
	var items []string
	for _, item := range l {
		items = append(items, w.value(item))
	}
	if all := w.ofEachMachine(items); all != "" {
		return all
	}
	if len(l) == 1 {
		t, isText := l[0].(text)
		if isText && strings.HasPrefix(t.only(), ofJob) { // a list itself
			return items[0]
		}
		if _, nested := l[0].(object); !nested {
			return "[" + items[0] + "]"
		}
	}
	if len(items) == 0 {
		return "[]"
	}
	return "[\n" + strings.Join(items, ",\n") + ",\n]"
}

// ofEachMachine writes a list whose items say the same of each state machine, "" for any other.
func (w *hclWriter) ofEachMachine(items []string) string {
	if len(items) == 0 || len(items) != len(w.machines) {
		return ""
	}
	said := map[string]bool{}
	for i, item := range items {
		if !strings.Contains(item, w.machines[i]) {
			return ""
		}
		said[strings.ReplaceAll(item, w.machines[i], "machine")] = true
	}
	if len(said) > 1 {
		return ""
	}
	all := strings.Replace(w.machines[0], w.machines[0][strings.Index(w.machines[0], "["):], "", 1)
	return "[for machine in " + all + " : " + strings.ReplaceAll(items[0], w.machines[0], "machine") + "]"
}

// document reads a file of the module as a template, in which references have the names of templateName.
func (w *hclWriter) document(d document) string {
	var b strings.Builder
	for _, name := range slices.Sorted(slices.Values(d.references)) {
		fmt.Fprintf(&b, "%s = %s\n", templateName(name), w.reference(name))
	}
	values := "{}"
	if b.Len() > 0 {
		values = "{\n" + b.String() + "}"
	}
	return fmt.Sprintf(`templatefile("${path.module}/%s", %s)`, d.file, values)
}

// templateName is what a reference is called in a template: variables as in the module, function_async_arn for the ARN
// of the async function.
func templateName(reference string) string {
	return strings.ReplaceAll(strings.TrimPrefix(reference, "var."), ".", "_")
}

// asTemplate is a document as a template of Terraform.
func (d document) asTemplate() string {
	var b strings.Builder
	for _, p := range d.parts() {
		if p.name != "" {
			b.WriteString("${" + templateName(p.name) + "}")
			continue
		}
		b.WriteString(strings.NewReplacer("${", "$${", "%{", "%%{").Replace(p.literal))
	}
	return b.String() + "\n"
}

// text writes a text as a template, or as an expression when it is a single reference. The ARN of something that the
// module creates is its attribute.
func (w *hclWriter) text(t text) string {
	if name := t.only(); name != "" {
		return w.reference(name)
	}
	whole := t.String()
	if arn, ok := w.arns[whole]; ok {
		return arn
	}
	if start, ok := strings.CutSuffix(whole, ":*"); ok && w.arns[start] != "" {
		return `"${` + w.arns[start] + `}:*"`
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, p := range t {
		if p.name != "" {
			b.WriteString("${" + w.reference(p.name) + "}")
			continue
		}
		inner := quoted(p.literal)
		b.WriteString(inner[1 : len(inner)-1])
	}
	b.WriteByte('"')
	return b.String()
}

var terraformPlaceNames = map[string]string{
	"region":           "data.aws_region.current.id",
	"account":          "data.aws_caller_identity.current.account_id",
	NewestVersion:      "aws_lambda_function.async.version",
	"partition":        "data.aws_partition.current.partition",
	"instance_id":      `split("/", var.instance_arn)[1]`,
	"instance_account": `split(":", var.instance_arn)[4]`,
}

func (w *hclWriter) reference(name string) string {
	if place, ok := terraformPlaceNames[name]; ok {
		return place
	}
	kind, rest, _ := strings.Cut(name, ".")
	switch {
	case name == jobKey:
		return w.jobName
	case strings.HasPrefix(name, ofJob):
		return w.jobValue + "." + rest
	case kind == "var":
		return name
	case kind == "arn_name":
		return fmt.Sprintf(`split(":", var.%s)[%d]`, rest, arnNamePart)
	}
	id, attribute, _ := strings.Cut(rest, ".")
	if kind == "function" && attribute == "name" {
		attribute = "function_name"
	}
	address := w.addresses[kind+"."+id]
	if id == everyJob {
		address += "[" + w.jobName + "]"
	}
	return address + "." + attribute
}
