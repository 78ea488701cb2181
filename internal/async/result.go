package async

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// deliver puts the execution's output into the reply: an object's members at the top level, anything else as
// sfn_output.
func (r *reply) deliver(in *invocation, output string) {
	raw := readOutput(output)
	found, isObject := members(raw)
	switch {
	case len(in.selected) > 0:
		found = selectParts(raw, found, in.selected)
	case !isObject:
		r.outputOnly = raw != nil
	}
	if in.stringMap {
		found = flatten(found, 1)
	}
	overruled := r.merge(found)
	if !isObject || overruled || in.includeOutput {
		r.output = string(raw)
	}
}

// readOutput is the output as compact JSON. Text that is not JSON, which Step Functions does not write, counts as a
// JSON string; no text at all is nil.
func readOutput(output string) json.RawMessage {
	output = strings.TrimSpace(output)
	if output == "" {
		return nil
	}
	if !json.Valid([]byte(output)) {
		return quote(output)
	}
	return compact(json.RawMessage(output))
}

func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}

// merge adds the result's members, except those whose key is reserved or taken. It reports whether there was one.
func (r *reply) merge(found []member) (overruled bool) {
	taken := map[string]bool{}
	for _, m := range found {
		if ReservedKey(m.key) || taken[m.key] {
			overruled = true
			continue
		}
		taken[m.key] = true
		r.members = append(r.members, m)
	}
	return overruled
}

// members are an object's, in order. Of several with the same key the last counts, in the place of the first.
func members(raw json.RawMessage) (found []member, isObject bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, false
	}
	place := map[string]int{}
	for d.More() {
		var m member
		key, err := d.Token()
		if err != nil || d.Decode(&m.value) != nil {
			return nil, false
		}
		m.key, _ = key.(string)
		if i, ok := place[m.key]; ok {
			found[i] = m
			continue
		}
		place[m.key] = len(found)
		found = append(found, m)
	}
	return found, true
}

// selectParts returns the parts of the result that the names and paths mean, in the order of the paths. A part is named
// by its path with _ between the steps. What is not there is left out.
func selectParts(raw json.RawMessage, top []member, paths []string) []member {
	var parts []member
	for _, path := range paths {
		if m, ok := find(top, path); ok {
			parts = append(parts, m)
			continue
		}
		steps := pathSteps(path)
		if value, ok := walk(raw, top, steps); ok {
			parts = append(parts, member{strings.Join(steps, "_"), value})
		}
	}
	return parts
}

// pathSteps takes a path apart: account.id, $.account.id, items[0].name.
func pathSteps(path string) []string {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "$"), ".")
	path = strings.NewReplacer("[", ".", "]", "").Replace(path)
	return strings.Split(strings.TrimPrefix(path, "."), ".")
}

// walk follows the steps into objects and arrays. top are the members of raw, where it is an object.
func walk(raw json.RawMessage, top []member, steps []string) (json.RawMessage, bool) {
	if len(raw) > 0 && raw[0] == '{' {
		m, ok := find(top, steps[0])
		if !ok {
			return nil, false
		}
		raw, steps = m.value, steps[1:]
	}
	for _, step := range steps {
		var ok bool
		if raw, ok = child(raw, step); !ok {
			return nil, false
		}
	}
	return raw, true
}

func child(raw json.RawMessage, step string) (json.RawMessage, bool) {
	if found, isObject := members(raw); isObject {
		m, ok := find(found, step)
		return m.value, ok
	}
	var list []json.RawMessage
	i, err := strconv.Atoi(step)
	if err != nil || json.Unmarshal(raw, &list) != nil || i < 0 || i >= len(list) {
		return nil, false
	}
	return list[i], true
}

func find(all []member, key string) (member, bool) {
	for _, m := range all {
		if m.key == key {
			return m, true
		}
	}
	return member{}, false
}

// maxFlat is how deep flatten looks. What lies deeper becomes JSON text.
const maxFlat = 16

// flatten makes every value a string, as the response type STRING_MAP wants it: the members of a nested object get its
// key and _ before their own, and anything but a string becomes its JSON text.
func flatten(all []member, depth int) []member {
	var flat []member
	for _, m := range all {
		nested, isObject := members(m.value)
		if !isObject || len(nested) == 0 || depth == maxFlat {
			flat = append(flat, member{m.key, stringValue(m.value)})
			continue
		}
		for _, n := range flatten(nested, depth+1) {
			flat = append(flat, member{m.key + "_" + n.key, n.value})
		}
	}
	return flat
}

func stringValue(raw json.RawMessage) json.RawMessage {
	if len(raw) > 0 && raw[0] == '"' {
		return raw
	}
	return quote(string(raw))
}
