package scaffold

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"slices"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
)

// JobOf is the name of the job for the function of a block, which has an ARN or "": in a project that has the function,
// its name there. p is nil for a new project.
func (n Project) JobOf(p *project.Project, functionARN string) (string, error) {
	f, _, err := n.functionIn(p, functionARN)
	return f.Name, err
}

// functionIn is the function, and whether a project has it already. It is named as in AWS, where that is known.
func (n Project) functionIn(p *project.Project, functionARN string) (f Function, isThere bool, err error) {
	if f, err = n.Inspect(n.Dir); err != nil {
		return f, false, err
	}
	f.ARN = cmp.Or(f.ARN, functionARN)
	if name, ok := arn.FunctionName(f.ARN); ok && len(f.unpacked) == 0 { // whose folder has its name
		f.Name = jobName(name)
	}
	if p == nil {
		return f, false, nil
	}
	for _, known := range p.Functions {
		if f.ARN != "" && known.ARN == f.ARN {
			f.Name = known.Name
			return f, true, nil
		}
	}
	if _, taken := p.Function(f.Name); taken {
		return f, false, cannotAdd(p.File, "the project has another function "+f.Name+" already",
			"Give that one the arn of this function, or adopt the block in another folder.")
	}
	return f, false, nil
}

// AddAdopted returns the files of a project in which a further block was adopted, without the flow: its file with the
// job, and a scenario that comes to the block. Errors are source.Findings.
func (n Project) AddAdopted(p *project.Project, a Adopted) (Added, error) {
	f, isThere, err := n.functionIn(p, a.ARN)
	if err != nil {
		return Added{}, err
	}
	if err := checkNames(p); err != nil {
		return Added{}, err
	}
	if a.ScenarioFlow = "../" + a.Flow; a.Module != "" {
		a.ScenarioModule = "../" + a.Module
	}
	for _, other := range p.Functions {
		isOther := func(o OtherFunction) bool { return o.Name == other.Name }
		if other.Name != f.Name && !slices.ContainsFunc(a.Others, isOther) {
			a.Others = append(a.Others, OtherFunction{Name: other.Name, Returns: map[string]any{}})
		}
	}
	said := n.saidOf(a, f)
	scenario, err := fillFile("scenarios/"+f.Name+".yaml", "adopted-scenario.yaml", said)
	if err != nil {
		return Added{}, err
	}
	added := Added{New: append(slices.Concat(f.unpacked, lackingSchemas(n.Dir)), scenario)}
	if err := n.addToProjectFile(p, &added, said, isThere); err != nil || isThere {
		return added, err
	}
	return added, AddedJob{Project: n}.addStandIns(p, &added, f.Name)
}

// checkNames refuses a project in which parameters of the block could be taken for those of the async function.
func checkNames(p *project.Project) error {
	if p.Deploy.PrefixedNames() {
		return nil
	}
	return cannotAdd(p.File, "a block's parameters could be taken for those of the async function",
		"Write parameters: prefixed under deploy; flows that send short names then have to send the long ones.")
}

// addToProjectFile adds the job, and what is not there yet: the function, the flow and the module.
func (n Project) addToProjectFile(p *project.Project, added *Added, said adoptedProject, isThere bool) error {
	text, windows, err := readLines(p.File)
	if err != nil {
		return err
	}
	if text, err = namingJobs(p, text); err != nil {
		return err
	}
	sections := []string{"function", "job"}
	if isThere {
		sections = sections[1:]
		text = withOwnTimeout(p.File, text, said.Function.Name)
	}
	if slices.ContainsFunc(p.Jobs, func(j project.Job) bool { return j.Name == said.Job }) {
		sections = sections[:len(sections)-1]
	}
	for _, section := range sections {
		block, err := fill(section, said)
		if err != nil {
			return err
		}
		if text, err = addBlock(p.File, text, section+"s", string(bytes.Trim(block, "\n"))); err != nil {
			return err
		}
	}
	for _, f := range []struct{ name, kind string }{{said.Flow, said.Kind()}, {said.Module, "module"}} {
		isListed := func(listed project.Flow) bool { return relativeTo(n.Dir, listed.File) == f.name }
		if f.name == "" || slices.ContainsFunc(p.Flows, isListed) {
			continue
		}
		block := "  - {file: " + yamlText(f.name) + ", type: " + f.kind + ", managed: true}"
		if text, err = addBlock(p.File, text, "flows", block); err != nil {
			return err
		}
	}
	changed, found := project.Parse(p.File, text, func(path string) bool {
		_, err := os.Stat(path)
		name := relativeTo(n.Dir, path)
		return err == nil || isAmong(added.New, name) || name == said.Module || name == said.Flow
	})
	if changed == nil {
		return found[0]
	}
	added.Changed = append(added.Changed, File{Name: filepath.Base(p.File), Content: withEndings(text, windows)})
	return nil
}

// shortTimeout ends the line in adopted.yaml that limits a function to what a block waits for it.
const shortTimeout = "  # as long as the flow waits"

// withOwnTimeout gives a function that is wrapped now the timeout of a wrapped one, where it has that of a block.
func withOwnTimeout(file string, text []byte, function string) []byte {
	doc, err := source.ParseYAML(file, text)
	if err != nil {
		return text
	}
	n := doc.Get("functions").Get(function).Get("timeout")
	if n == nil {
		return text
	}
	at := offset(text, n.Pos)
	short := []byte(n.Scalar() + shortTimeout + "\n")
	if !bytes.HasPrefix(text[at:], short) {
		return text
	}
	return slices.Concat(text[:at], []byte("4m  # its own limit in Lambda\n"), text[at+len(short):])
}

// adoptedProject is what the files of an adopted flow say.
type adoptedProject struct {
	Adopted
	Name, Job, Style, TextsLanguage string

	Texts    map[string][]string
	Function Function
}

func (n Project) saidOf(a Adopted, f Function) adoptedProject {
	return adoptedProject{Adopted: a, Name: cmp.Or(n.Name, NameOf(n.Dir)), Job: f.Name, Style: string(style.Poll),
		Function: f, TextsLanguage: cmp.Or(async.PrimaryLanguage(n.Language), style.DefaultLanguage)}
}
