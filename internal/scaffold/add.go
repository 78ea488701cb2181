package scaffold

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// CodeCannotAdd is the code of the finding that something cannot be added to a project.
const CodeCannotAdd = "add-refused"

// AddedJob says what a further job of a project is to be. Its Dir is the project's folder.
type AddedJob struct {
	Project
	Job string // its name
}

// Added are the files of a job that is added.
type Added struct {
	New     []File // its flow or module, a scenario for a flow, and the code of an archive
	Changed []File // the project file and the scenarios, which need a stand-in for the function; they keep their lines
}

// Files returns the files of the job. Errors are source.Findings.
func (j AddedJob) Files(p *project.Project) (Added, error) {
	isJob := func(known project.Job) bool { return known.Name == j.Job }
	if slices.ContainsFunc(p.Jobs, isJob) {
		return Added{}, cannotAdd(p.File, fmt.Sprintf("the project has a job %q already", j.Job),
			"Choose another name: connect-async add job NAME.")
	}
	f, isThere, err := j.function(p)
	if err != nil {
		return Added{}, err
	}
	w, err := j.writtenFor(p, f)
	if err != nil {
		return Added{}, err
	}
	added := Added{New: slices.Clone(f.unpacked)}
	if !w.Module {
		scenario, err := fillFile("scenarios/"+w.Job+".yaml", "scenario.yaml", w)
		if err != nil {
			return Added{}, err
		}
		added.New = append(append(added.New, lackingSchemas(j.Dir)...), scenario)
	}
	if err := j.addProjectFile(p, &added, w, isThere); err != nil || isThere {
		return added, err
	}
	return added, j.addStandIns(p, &added, f.Name)
}

// writtenFor is what the files of the job say.
func (j AddedJob) writtenFor(p *project.Project, f Function) (written, error) {
	n, err := j.Project.WithDefaults(f)
	if err != nil {
		return written{}, err
	}
	w, err := n.written(f)
	if err != nil {
		return written{}, err
	}
	w.Job = j.Job
	w.Flow = w.Job + ".json"
	w.ScenarioFlow = "../" + w.Flow
	for _, other := range p.Functions {
		if other.Name != f.Name {
			w.Others = append(w.Others, other.Name)
		}
	}
	return w, nil
}

// function is the function of the job, which may be in the project already.
func (j AddedJob) function(p *project.Project) (f Function, isThere bool, err error) {
	if known, ok := p.Function(j.Function); ok {
		return Function{Name: known.Name}, true, nil
	}
	if f, err = j.Inspect(j.Dir); err != nil {
		return f, false, err
	}
	if len(f.unpacked) == 0 {
		f.Name = j.Job
	}
	if _, ok := p.Function(f.Name); ok {
		return f, false, cannotAdd(p.File, fmt.Sprintf("the project has a function %q already", f.Name),
			"Choose another name for the job, or give --function "+f.Name+" to wrap that one.")
	}
	return f, false, nil
}

// addProjectFile adds the flow, and the project file with the job, the function and the flow.
func (j AddedJob) addProjectFile(p *project.Project, added *Added, w written, isThere bool) error {
	text, windows, err := readLines(p.File)
	if err != nil {
		return err
	}
	if text, err = namingJobs(p, text); err != nil {
		return err
	}
	for _, section := range []string{"job", "function", "flow"} {
		if section == "function" && isThere {
			continue
		}
		block, err := fill(section, w)
		if err != nil {
			return err
		}
		if text, err = addBlock(p.File, text, section+"s", string(bytes.Trim(block, "\n"))); err != nil {
			return err
		}
	}
	changed, found := project.Parse(p.File, text, func(path string) bool {
		_, err := os.Stat(path)
		return err == nil || isAmong(added.New, relativeTo(j.Dir, path))
	})
	if changed == nil {
		return found[0]
	}
	flow, err := Flow(changed, changed.Flows[len(changed.Flows)-1])
	added.New = append(added.New, File{Name: w.Flow, Content: flow})
	added.Changed = append(added.Changed, File{Name: filepath.Base(p.File), Content: withEndings(text, windows)})
	return err
}

// addStandIns adds the scenarios of the project, each with a stand-in for the function, without which none can be
// played. What it returns does not matter there, since their flows do not ask.
func (j AddedJob) addStandIns(p *project.Project, added *Added, function string) error {
	files := []string{p.Scenario}
	for _, pattern := range []string{"scenario*.yaml", "scenarios/*.yaml"} {
		matches, _ := filepath.Glob(filepath.Join(j.Dir, filepath.FromSlash(pattern)))
		files = append(files, matches...)
	}
	slices.Sort(files)
	for _, file := range slices.Compact(files) {
		text, windows, err := readLines(file)
		if err != nil {
			continue // what cannot be read is reported by whoever plays it
		}
		doc, err := source.ParseYAML(file, text)
		if err != nil || doc.Get("functions").Get(function) != nil {
			continue
		}
		standIn := function + ": {returns: {}}"
		if at := doc.Get("functions").Place(); isOneLine(doc.Get("functions"), text) {
			text = inOneLine(text, at, standIn)
		} else if text, err = addBlock(file, text, "functions", "  "+standIn); err != nil {
			return err
		}
		added.Changed = append(added.Changed, File{Name: relativeTo(j.Dir, file),
			Content: withEndings(text, windows)})
	}
	return nil
}

// isOneLine reports whether a YAML object is written in braces.
func isOneLine(n *source.Node, text []byte) bool {
	return n.Is(source.Object) && offset(text, n.Pos) < len(text) && text[offset(text, n.Pos)] == '{'
}

// inOneLine adds a member to an object in braces.
func inOneLine(text []byte, at source.Pos, member string) []byte {
	begin := offset(text, at) + 1
	if rest := bytes.TrimLeft(text[begin:], " "); !bytes.HasPrefix(rest, []byte("}")) {
		member += ", "
	}
	return slices.Concat(text[:begin], []byte(member), text[begin:])
}

// offset is where a place is in a text.
func offset(text []byte, at source.Pos) int {
	begin := 0
	for range at.Line - 1 {
		begin += bytes.IndexByte(text[begin:], '\n') + 1
	}
	return begin + at.Column - 1
}

// namingJobs adds the job to the flows of a project with one job that do not name it, since there will be two.
func namingJobs(p *project.Project, text []byte) ([]byte, error) {
	doc, err := source.ParseYAML(p.File, text)
	if err != nil {
		return nil, err
	}
	for _, f := range slices.Backward(doc.Get("flows").Elements()) {
		g := f.Get("generate")
		if !g.Is(source.Object) || g.Get("job") != nil {
			continue
		}
		job, at := "job: "+p.Jobs[0].Name, offset(text, g.Pos)
		if isOneLine(g, text) {
			text = inOneLine(text, g.Pos, job)
			continue
		}
		job += "\n" + strings.Repeat(" ", g.Pos.Column-1)
		text = slices.Concat(text[:at], []byte(job), text[at:])
	}
	return text, nil
}

// readLines reads a file whose lines end with \n, or on Windows with \r\n, and gives them the first ending.
func readLines(file string) (text []byte, windows bool, err error) {
	text, err = source.ReadText(file)
	windows = bytes.Contains(text, []byte("\r\n"))
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), windows, err
}

// withEndings gives lines the ending that they had.
func withEndings(text []byte, windows bool) []byte {
	if windows {
		return bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
	}
	return text
}

// addBlock adds a block at the end of a section of a project file, indented as the section is.
func addBlock(file string, text []byte, section, block string) ([]byte, error) {
	doc, err := source.ParseYAML(file, text)
	if err != nil {
		return nil, err
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(text), "\n")+"\n", "\n")
	lines = lines[:len(lines)-1]
	i := slices.IndexFunc(doc.Members, func(m source.Member) bool { return m.Key == section })
	if i < 0 {
		added := slices.Concat(lines, []string{"\n" + section + ":\n", block + "\n"})
		return []byte(strings.Join(added, "")), nil
	}
	m := doc.Members[i]
	first := firstLine(m.Value)
	if first <= m.Pos.Line {
		return nil, source.Finding{Code: CodeCannotAdd, Severity: source.Error, File: file, Pos: m.Pos,
			Message: section + " is written in one line, where nothing can be added",
			Remedy:  "Write each of its members on a line of its own, below " + section + ":."}
	}
	indent := lines[first-1][:len(lines[first-1])-len(strings.TrimLeft(lines[first-1], " "))]
	var indented []string
	for line := range strings.Lines(block + "\n") {
		indented = append(indented, indent+strings.TrimPrefix(line, "  "))
	}
	return []byte(strings.Join(slices.Insert(lines, endOf(doc, lines, m), indented...), "")), nil
}

// firstLine is the line of the first member or element of a section, 0 when there is none.
func firstLine(n *source.Node) int {
	for _, m := range n.Entries() {
		return m.Pos.Line
	}
	for _, item := range n.Elements() {
		return item.Pos.Line
	}
	return 0
}

// endOf is the number of the last line of a section: what follows belongs to the next one, with the comments before it.
func endOf(doc *source.Node, lines []string, section source.Member) int {
	end := len(lines)
	for _, other := range doc.Members {
		if other.Pos.Line > section.Pos.Line {
			end = min(end, other.Pos.Line-1)
		}
	}
	for end > section.Pos.Line {
		if line := strings.TrimRight(lines[end-1], " \r\n"); line != "" && !strings.HasPrefix(line, "#") {
			break
		}
		end--
	}
	return end
}

func cannotAdd(file, message, remedy string) error {
	return source.Finding{Code: CodeCannotAdd, Severity: source.Error, File: file, Message: message, Remedy: remedy}
}
