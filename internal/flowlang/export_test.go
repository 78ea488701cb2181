package flowlang

// Lookup returns the row of an action type, nil for unknown types.
func Lookup(name string) *ActionType { return actionTypes[name] }
