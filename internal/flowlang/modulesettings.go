package flowlang

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

// ModuleSettings returns what CreateContactFlowModule needs as Settings beside a module's content, as JSON: the input
// that the module reads, the results that it returns and the data that come with them. Publishing a module whose
// Result or ResultData is not declared there is refused, and so is a flow that calls it (live). All values are
// declared as strings, since references resolve to strings. It is {} for a module without any of them.
func (f *Flow) ModuleSettings() ([]byte, error) {
	results, data := f.returned()
	settings := map[string]any{}
	if input := f.input(); len(input) > 0 {
		settings["input"] = declare(input)
	}
	if len(data) > 0 {
		settings["resultData"] = declare(data)
	}
	if len(results) > 0 {
		var list []map[string]string
		for _, name := range slices.Sorted(maps.Keys(results)) {
			list = append(list, map[string]string{"name": name, "description": ""})
		}
		settings["transitions"] = map[string]any{"results": list}
	}
	return json.Marshal(settings) // the keys of a map are written in order
}

// declare declares an object of texts.
func declare(keys map[string]bool) map[string]any {
	properties := map[string]any{}
	for key := range keys {
		properties[key] = map[string]string{"type": "string"}
	}
	return map[string]any{"schema": map[string]any{"type": "object", "properties": properties}}
}

// returned are the results of a module, and the keys of the data that come with any of them.
func (f *Flow) returned() (results, data map[string]bool) {
	results, data = map[string]bool{}, map[string]bool{}
	for _, a := range f.OfType(EndFlowModuleExecution) {
		if name := a.Text("Result"); name != "" {
			results[name] = true
		}
		for _, m := range a.Param("ResultData").Entries() {
			data[m.Key] = true
		}
	}
	return results, data
}

// input are the keys under $.Modules.Input that a module reads.
func (f *Flow) input() map[string]bool {
	keys := map[string]bool{}
	for _, a := range f.Actions {
		a.Parameters.EachText(func(n *source.Node) {
			for _, path := range References(n.Text) {
				if len(path) > 2 && path[0] == "Modules" && path[1] == "Input" {
					keys[path[2]] = true
				}
			}
		})
	}
	return keys
}
