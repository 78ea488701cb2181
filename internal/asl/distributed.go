package asl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// The service and the action of an InvokeTask command that asks for a map run: the whole of a Distributed Map.
const (
	MapRunService = "map"
	MapRunAction  = "run"
)

// distributedMap is what a Distributed Map has beside the fields of every Map state. Its iterations are executions of
// their own, so whoever holds the execution runs them, or says what they come to.
type distributedMap struct {
	label  string // "" for one that is made up
	reader bool   // the items come from an ItemReader
	config readerConfig
	writer bool // a ResultWriter takes the results
}

// ItemReader and ResultWriter call one of these (AWS developer guide, ItemReader and ResultWriter).
var (
	readers = regexp.MustCompile(`^arn:aws[a-z-]*:states:::s3:(getObject|listObjectsV2)$`)
	writers = regexp.MustCompile(`^arn:aws[a-z-]*:states:::s3:putObject$`)
)

// distributed reads the fields of a Distributed Map; nil for an inline one. Its fields are allowed in every Map state:
// with an ItemReader or a ResultWriter it cannot be an inline one.
func (o *object) distributed(processor *object) *distributedMap {
	mode := o.processorConfig(processor.object("ProcessorConfig"))
	d := &distributedMap{label: o.text("Label"), reader: o.get("ItemReader") != nil}
	if d.reader {
		d.config = o.itemReader(o.object("ItemReader"))
	}
	d.writer = o.get("ResultWriter") != nil
	if d.writer {
		o.resultWriter(o.object("ResultWriter"))
	}
	if mode != "DISTRIBUTED" && !d.reader && !d.writer {
		return nil
	}
	return d
}

// processorConfig returns the mode.
func (o *object) processorConfig(config *object) string {
	mode := config.oneOf("Mode", "INLINE", "DISTRIBUTED")
	kind := config.oneOf("ExecutionType", string(Standard), string(Express))
	switch {
	case mode == "DISTRIBUTED" && o.p.kind == Express:
		config.report("Mode", codeSchema, "The field 'Mode' with value 'DISTRIBUTED' is not supported inside "+
			"'EXPRESS' state machines", "Use a STANDARD state machine, or an inline Map state.")
	case mode == "DISTRIBUTED":
		config.required("ExecutionType")
	case mode == "INLINE" && kind != "":
		config.report("", codeSchema, "Field 'ExecutionType' is not supported",
			"Set Mode to DISTRIBUTED, or remove the field.")
	}
	config.done()
	return mode
}

// oneOf returns a text that must be one of several, "" when it is absent.
func (o *object) oneOf(key string, allowed ...string) string {
	text := o.text(key)
	if o.node.Get(key).Is(source.String) && !slices.Contains(allowed, text) {
		o.report(key, codeSchema, "Value should be one of the following: "+list(allowed), "Write one of them.")
	}
	return text
}

// call reads the resource and the parameters of an ItemReader or a ResultWriter.
func (o *object) call(resources *regexp.Regexp) {
	if o.required("Resource") && !resources.MatchString(o.text("Resource")) {
		o.report("Resource", codeSchema, "The field 'Resource' does not match any of the allowed values",
			"Write arn:aws:states:::s3:getObject or s3:listObjectsV2 for a reader, s3:putObject for a writer.")
	}
	if o.jsonata {
		o.payload("Arguments")
		return
	}
	o.template("Parameters")
}

func (o *object) itemReader(reader *object) readerConfig {
	reader.call(readers)
	config := reader.object("ReaderConfig")
	header := config.oneOf("CSVHeaderLocation", "FIRST_ROW", "GIVEN")
	read := readerConfig{
		inputType: config.oneOf("InputType", "CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"),
		delimiter: config.text("CSVDelimiter"),
		pointer:   config.text("ItemsPointer"),
	}
	switch read.inputType {
	case "CSV":
		if header == "" {
			config.report("", codeSchema, "The field 'CSVHeaderLocation' is required", "Write FIRST_ROW or GIVEN.")
		}
	case "JSON":
		if header != "" {
			config.report("", codeSchema, "Field 'CSVHeaderLocation' is not supported", "Remove the field.")
		}
	}
	if header == "GIVEN" {
		config.required("CSVHeaders")
	}
	if config.expressionIn("CSVHeaders") == nil {
		read.headers = config.texts("CSVHeaders")
	}
	config.countField("MaxItems")
	config.done("ManifestType", "Transformation", "ExpectedBucketOwner")
	reader.done()
	return read
}

func (o *object) resultWriter(writer *object) {
	config := writer.object("WriterConfig")
	config.oneOf("Transformation", "NONE", "COMPACT", "FLATTEN")
	config.oneOf("OutputType", "JSON", "JSONL")
	config.done()
	if writer.node.Get("Resource") != nil || writer.node.Get("WriterConfig") == nil {
		writer.call(writers)
	}
	writer.done()
}

// start asks for the map run of a state whose items were checked.
func (d *distributedMap) start(t *turn, f *frame, s *mapState, input any) {
	machine := strings.Replace(t.r.Options.StateMachineARN, ":stateMachine:", ":mapRun:", 1)
	label := d.label
	if label == "" {
		label = t.uuid()
	}
	run := fmt.Sprintf("%s/%s:%s", machine, label, t.uuid())
	t.follow(f, "MapRunStarted", &EventDetails{RareDetails: &RareDetails{MapRunARN: run}})
	f.Task = &taskCall{ID: t.open(openMapRun, f)}
	t.do(InvokeTask{ID: f.Task.ID, State: s.name, Service: MapRunService, Action: MapRunAction,
		Input: Text{value: input}})
}

// mapRun closes a map run whose event came; nil when the ID is closed or belongs to something else.
func (t *turn) mapRun(id ID) (*frame, *mapState) {
	o, ok := t.r.Open[id]
	if !ok || o.Kind != openMapRun {
		return nil, nil
	}
	f := t.r.Frames[o.Frame]
	delete(t.r.Open, id)
	return f, t.stateOf(f).(*mapState)
}

func (t *turn) mapRunSucceeded(f *frame, s *mapState, output any) {
	t.follow(f, "MapRunSucceeded", nil)
	t.emit(f.Previous, "MapStateSucceeded", nil)
	if fail := t.conclude(f, &s.dataFlow, s.next, output); fail != nil {
		t.fail(f, *fail)
	}
}

func (t *turn) mapRunFailed(f *frame, fail failure) {
	t.follow(f, "MapRunFailed", &EventDetails{Error: fail.Error, Cause: fail.Cause})
	fail.InChild = true // of the map run, so that the state has its event
	t.fail(f, fail)
}
