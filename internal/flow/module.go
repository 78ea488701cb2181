package flow

import "github.com/connect-async/connect-async/internal/flowlang"

const maxModuleDepth = 5 // admin guide, "Flow modules"

// runModule runs a module. It sees none of the caller's $.External, $.Lex, flow attributes and the like, only its
// Input.
func runModule(c *Contact, f *frame, a *flowlang.Action) outcome {
	target := c.value(f, a, "FlowModuleId")
	if target == "" {
		return failure(flowlang.NoMatchingError, "FlowModuleId has no value")
	}
	key, module := c.findFlow(target)
	if module == nil {
		c.noteWorld(a, "the module is not part of the call; by default: success")
		return result("")
	}
	if c.moduleDepth() >= maxModuleDepth {
		c.note(a, NoteLimit, "modules can be nested 5 deep")
		return failure(flowlang.NoMatchingError, "modules are nested too deep")
	}
	inside := newScope()
	for path, value := range flatten(c.resolveTree(f, a.Param("Input")).Value(), true) {
		inside.put("Modules", join("Input", path), value)
	}
	c.log(f, a, moved)
	c.resetLoops(key)
	c.state.Scopes = append(c.state.Scopes, inside)
	c.push(moduleFrame, key, module, len(c.state.Scopes)-1, module.Start.Identifier)
	return moved
}

func (c *Contact) moduleDepth() int {
	depth := 0
	for _, f := range c.state.Frames {
		if f.Kind == moduleFrame {
			depth++
		}
	}
	return depth
}

// runReturn ends a module: its Result decides the caller's branch, its ResultData is $.Modules.ResultData there.
func runReturn(c *Contact, f *frame, a *flowlang.Action) outcome {
	module := c.moduleOf(f)
	if module == nil {
		c.finish(Finish{Ending: EndingCompleted, Reason: "the module ended", Action: a})
		return moved
	}
	c.log(f, a, moved)
	value := c.value(f, a, "Result")
	data := flatten(c.resolveTree(f, a.Param("ResultData")).Value(), true)
	caller := c.state.Frames[module.Depth-1]
	returned := map[string]string{"Result": value}
	for path, text := range data {
		returned[join("ResultData", path)] = text
	}
	inside := c.scope(caller).Data["Modules"]
	for path, text := range inside {
		if len(path) > 5 && path[:6] == "Input." {
			returned[path] = text
		}
	}
	c.scope(caller).set("Modules", returned)
	c.apply(caller, caller.current(), result(value))
	return moved
}

// moduleOf returns the frame of the module in which a frame runs, nil when it runs in none.
func (c *Contact) moduleOf(f *frame) *frame {
	for i := f.Depth; i > 0; i-- {
		if c.state.Frames[i].Kind == moduleFrame {
			return c.state.Frames[i]
		}
	}
	return nil
}
