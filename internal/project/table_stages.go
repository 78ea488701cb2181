package project

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/source"
)

// stageFields are the keys of a stage. Each kind of thing that a flow names has one.
func stageFields() form.Fields[Stage] {
	fields := form.Fields[Stage]{
		form.At("name", "names everything that is created in the stage", func(s *Stage) *string { return &s.Deployed },
			nameForm("stage's")).Otherwise("the name of the project, a hyphen and the name of the stage").
			Example("bank-prod"),
		form.At("account", "the account that the stage is in", func(s *Stage) *string { return &s.Account },
			accountForm).Otherwise("the account of the instance").Example(`"111122223333"`),
		form.At("region", "the Region that the stage is in", func(s *Stage) *string { return &s.Region }, regionForm).
			Otherwise("the Region of the instance").Example("eu-west-2"),
		form.At("instance", "the ARN of the Amazon Connect instance", func(s *Stage) *string { return &s.Instance },
			instanceForm).
			Example("arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"),
		form.At(callersKey, "how many callers wait at once in this stage at the busiest time",
			func(s *Stage) *int { return &s.Callers }, CallersForm()).Otherwise("the project's callers"),
		form.At("functions", "the ARNs of functions of the project in this stage",
			func(s *Stage) *map[string]string { return &s.Functions }, form.Named("FUNCTION", functionARNItem)).
			Otherwise("the arn of each function").
			Example("{look-up: \"arn:aws:lambda:us-east-1:111122223333:function:look-up:live\"}"),
	}
	for _, kind := range flowlang.StageKinds() {
		fields = append(fields, resourcesField(kind))
	}
	fields = append(fields, form.At("replica", "a second Region that serves the same callers: the replica of the "+
		"instance (Amazon Connect Global Resiliency)", func(s *Stage) *Replica { return &s.Replica },
		form.Object(replicaFields)))
	return append(fields, form.At("variables", "values of other variables of the export, by name",
		func(s *Stage) *[]StageVariable { return &s.Variables }, form.InOrder("VARIABLE", variableItem)).
		Example("{memory_mb: 256}"))
}

// replicaFields are the keys of a replica.
var replicaFields = form.Fields[Replica]{
	form.At("region", "the Region of the replica", func(r *Replica) *string { return &r.Region }, regionForm).
		Required().Example("us-west-2"),
	form.At("variables", "values of variables of the export that differ there, such as a prefix for the names of "+
		"roles, which are the same in all Regions", func(r *Replica) *[]StageVariable { return &r.Variables },
		form.InOrder("VARIABLE", variableItem)).Example("{role_prefix: west-}"),
}

// resourcesField is the key for one kind of thing: what the stage has under the names that flows use.
func resourcesField(kind flowlang.StageKind) form.Field[Stage] {
	things := form.Named("NAME", form.TextItem)
	return form.Field[Stage]{
		Key: kind.Plural,
		Doc: fmt.Sprintf("what `${%s:NAME}` in a flow means in this stage: the ARN or ID", kind.Kind),
		Schema: func(*Stage) *form.Schema {
			return things.Schema(nil)
		},
		Read: func(f form.File, in *source.Reader, to *Stage) {
			var read map[string]string
			things.Read(f, in, kind.Plural, &read)
			if to.resources == nil {
				to.resources = map[string]map[string]string{}
			}
			to.resources[kind.Kind] = read
		},
	}
}

// variableItem is the value of a variable. Which variables there are the export knows.
var variableItem = form.Item[StageVariable]{
	Schema: form.TextItem.Schema,
	Read: func(f form.File, m source.Member) StageVariable {
		return StageVariable{Name: m.Key, Value: form.TextItem.Read(f, m), At: m.Pos}
	},
}

// functionARNItem is the ARN of a function, with a version or alias where one is used.
var functionARNItem = form.Item[string]{
	Schema: form.TextItem.Schema,
	Read: func(f form.File, m source.Member) string {
		text := form.TextItem.Read(f, m)
		if _, ok := arn.FunctionName(text); !ok {
			f.Report(source.CodeBadValue, m.Value.Place(), fmt.Sprintf("%q is not the ARN of a function", text),
				"Write arn:aws:lambda:REGION:ACCOUNT:function:NAME, with :ALIAS where one is used.")
		}
		return text
	},
}

// What an account and a Region look like.
const (
	AccountPattern = `^[0-9]{12}$`
	RegionPattern  = `^[a-z]{2}(-[a-z]+)+-[1-9]$`
)

var (
	accountNumber = regexp.MustCompile(AccountPattern)
	regionName    = regexp.MustCompile(RegionPattern)
	instanceARN   = regexp.MustCompile(`^arn:aws[a-z-]*:connect:[a-z0-9-]+:[0-9]{12}:instance/[0-9A-Za-z-]+$`)
)

// InstanceRemedy says what the ARN of an instance looks like.
const InstanceRemedy = "Copy it from the instance's page in the console: arn:aws:connect:REGION:ACCOUNT:instance/ID."

var (
	accountForm = patternForm(accountNumber, "%q is not the number of an account",
		`Write its 12 digits in quotation marks, such as "111122223333".`, "12 digits")
	regionForm   = patternForm(regionName, "%q is not a Region", "Write a Region such as us-east-1.", "Region")
	instanceForm = patternForm(instanceARN, "%q is not the ARN of a Connect instance", InstanceRemedy, "ARN")
)

// IsRegion reports whether a text looks like the name of a Region.
func IsRegion(text string) bool { return regionName.MatchString(text) }

// IsInstanceARN reports whether a text is the ARN of an instance of Amazon Connect.
func IsInstanceARN(text string) bool { return instanceARN.MatchString(text) }

// patternForm is the form of a text that a pattern describes.
func patternForm(accepted *regexp.Regexp, refused, remedy, words string) form.Form[string] {
	return form.Text().Checked(func(text string) (message, fix string) {
		if text == "" || accepted.MatchString(text) {
			return "", ""
		}
		return fmt.Sprintf(refused, text), remedy
	}).Described(func(s *form.Schema) { s.Words, s.Pattern, s.PatternRemedy = words, accepted.String(), remedy })
}

// stageItem is one stage. What it says together with the rest of the file is checked afterwards.
func stageItem() form.Item[Stage] {
	return form.Entry(stageFields(), form.Zero, func(in *source.Reader, m source.Member, s *Stage) {
		s.Name, s.At = m.Key, m.Pos
		checkName(in, m.Pos, "stage", s.Name)
		instance, _ := arn.Parse(s.Instance)
		s.Account, s.Region = cmp.Or(s.Account, instance.Account), cmp.Or(s.Region, instance.Region)
		readable := m.Value.Is(source.Object) || m.Value.Is(source.Null)
		if readable && (s.Account == "" || s.Region == "") {
			in.Report(CodeMissing, m.Pos, fmt.Sprintf("the stage %s does not say where it is", s.Name),
				"Add instance: ARN, or account: NUMBER and region: REGION.")
		}
	})
}

// checkStages completes the stages and reports what cannot be true of them.
func (r *reader) checkStages(in *source.Reader, jobs []jobEntry, p *Project) {
	taken := map[takenMachine]string{}
	for i := range p.Stages {
		s := &p.Stages[i]
		s.Deployed = cmp.Or(s.Deployed, p.Name+"-"+s.Name)
		s.Callers = cmp.Or(s.Callers, p.Callers)
		s.qualifier = p.Deploy.Qualifier()
		node := in.Node("stages").Get(s.Name)
		if !node.Is(source.Object) { // which reading has reported
			continue
		}
		of := source.Read(r.file, node, r.found)
		checkPlace(of, s, p)
		checkStageNames(of, s, jobs, p)
		checkStageFunctions(of, s, p)
		checkResources(of, s)
		if checkUnique(of, s, p.Stages[:i]) {
			checkTaken(of, s, jobs, p, taken)
		}
		checkReplicaName(of, s, p.Stages)
	}
}

// checkUnique reports a stage that is deployed where an earlier one is, under the same name or in the same stack.
// CloudFormation's are called after the stage, the CDK's after what is deployed. It returns false if it reported one.
func checkUnique(of *source.Reader, s *Stage, earlier []Stage) bool {
	for _, other := range earlier {
		if other.Account != s.Account || other.Region != s.Region {
			continue
		}
		sameStack := StackName(other.Name) == StackName(s.Name) || StackName(other.Deployed) == StackName(s.Deployed)
		switch {
		case other.Deployed == s.Deployed:
			of.Report(source.CodeBadValue, s.At,
				fmt.Sprintf("the stages %s and %s are the same deployment: %s in %s", other.Name, s.Name,
					s.Deployed, s.Region),
				"Give one of them another name, account or region.")
			return false
		case sameStack:
			of.Report(source.CodeBadValue, s.At,
				fmt.Sprintf("the stages %s and %s would be one stack, whose name has hyphens for underscores",
					other.Name, s.Name),
				"Give one of them a name that differs in letters or digits.")
			return false
		}
	}
	return true
}

// takenMachine is the name of a state machine, which a Region of an account has once.
type takenMachine struct{ account, region, name string }

// checkTaken reports a stage that would create a state machine under the name of another one's. taken says which stage
// has a name, and is added to.
func checkTaken(of *source.Reader, s *Stage, jobs []jobEntry, p *Project, taken map[takenMachine]string) {
	for _, n := range p.as(*s).awsNames(jobs) {
		key := takenMachine{account: s.Account, region: s.Region, name: n.name}
		if n.kind != machineKind {
			continue
		}
		if owner, ok := taken[key]; ok {
			of.Report(source.CodeBadValue, s.At,
				fmt.Sprintf("the stages %s and %s would both have the state machine %s", owner, s.Name, n.name),
				"Rename a job, or give one of the stages another name: add name: NAME.")
			return
		}
		taken[key] = s.Name
	}
}

// checkReplicaName reports a stage whose replica would be called like another stage.
func checkReplicaName(of *source.Reader, s *Stage, stages []Stage) {
	for _, other := range stages {
		if s.IsReplicated() && other.Name == s.replicaName() {
			of.Report(source.CodeBadValue, other.At, fmt.Sprintf("the replica of the stage %s is called %s", s.Name,
				other.Name), "Give this stage another name.")
		}
	}
}

// checkPlace reports an instance that is somewhere else, and one where Amazon Connect does not exist.
func checkPlace(of *source.Reader, s *Stage, p *Project) {
	instance, given := arn.Parse(s.Instance)
	partition := arn.Partition(s.Region)
	switch {
	case given && instance.Region != s.Region:
		of.Report(source.CodeBadValue, of.Place("region"),
			fmt.Sprintf("the stage is in %s, but its instance is in %s", s.Region, instance.Region),
			"Leave region out, or correct the instance's ARN.")
	case given && instance.Partition != partition:
		of.Report(source.CodeBadValue, of.Place("instance"),
			fmt.Sprintf("ARNs in %s begin with arn:%s:", s.Region, partition), "Correct the ARN.")
	case of.Node("replica").Is(source.Object) && (s.Replica.Region == "" || s.Replica.Region == s.Region):
		of.Report(source.CodeBadValue, of.Place("replica"), "a replica is in another Region than the stage",
			"Write replica: {region: REGION} with the other Region, or leave replica out.")
	case partition == arn.China && p.Deploy.Connect:
		of.Report(source.CodeBadValue, s.At, "Amazon Connect does not exist in "+s.Region,
			"Choose another Region, or write deploy: {connect: false}.")
	}
}

// checkStageNames reports names that AWS would refuse once they are put together.
func checkStageNames(of *source.Reader, s *Stage, jobs []jobEntry, p *Project) {
	at := s.At
	if of.Node("name") != nil {
		at = of.Place("name")
	}
	if !ValidName(s.Deployed) || !BeginsWithLetter(s.Deployed) {
		of.Report(source.CodeBadValue, at, fmt.Sprintf("%q cannot name what is created in the stage %s", s.Deployed,
			s.Name), "Add name: NAME. "+NameForm+" Begin with a letter.")
		return
	}
	for _, n := range p.as(*s).awsNames(jobs) {
		if length := utf8.RuneCountInString(n.name); length > n.most {
			of.Report(source.CodeBadValue, at, fmt.Sprintf("the %s %s would have %d characters, and AWS allows %d",
				n.kind, n.name, length, n.most), "Choose a shorter name: add name: NAME.")
			return
		}
	}
}

// checkStageFunctions reports functions that the project does not have, and ARNs of another partition or Region.
func checkStageFunctions(of *source.Reader, s *Stage, p *Project) {
	for _, m := range of.Node("functions").Entries() {
		if _, ok := p.Function(m.Key); !ok {
			of.Report(CodeUnknown, m.Pos, fmt.Sprintf("unknown function %q", m.Key), addFunction(p))
		}
		if a, ok := arn.Parse(m.Value.Str()); ok && s.Region != "" && a.Region != s.Region {
			of.Report(source.CodeBadValue, m.Value.Pos,
				fmt.Sprintf("the function is in %s, but the stage is in %s", a.Region, s.Region),
				"Write the ARN of the function in the stage's Region: a state machine invokes no other.")
		}
	}
}

// checkResources reports names that no placeholder can have, and things of another instance.
func checkResources(of *source.Reader, s *Stage) {
	for _, kind := range flowlang.StageKinds() {
		for _, m := range of.Node(kind.Plural).Entries() {
			thing := flowlang.Placeholder{Kind: kind.Kind, Name: m.Key}
			value := m.Value.Str()
			if !flowlang.IsPlaceholderName(m.Key) {
				of.Report(source.CodeBadValue, m.Pos, fmt.Sprintf("%q cannot be the name in a placeholder", m.Key),
					"Use 1 to 64 letters, digits, hyphens and underscores.")
				continue
			}
			owner := thing.Owner(value)
			switch {
			case !flowlang.IsID(value) && !strings.HasPrefix(value, "arn:"):
				of.Report(source.CodeBadValue, m.Value.Place(), fmt.Sprintf("%q is not an ID or ARN", value),
					"Write the ID or the whole ARN, as the console or the AWS CLI shows it.")
			case owner != "" && s.Instance != "" && owner != s.Instance:
				of.Report(source.CodeBadValue, m.Value.Place(), "this ARN belongs to another instance: "+owner,
					"Write the ARN or ID of the thing in "+s.Instance+".")
			}
			if s.resources[kind.Kind] != nil {
				s.resources[kind.Kind][m.Key] = thing.ARN(s.Instance, value)
			}
		}
	}
}
