package legacy

// BlockTypes returns the type of action that each block becomes.
func BlockTypes() map[string]string {
	types := map[string]string{}
	for kind, row := range blockTypes {
		types[kind] = row.action
	}
	return types
}
