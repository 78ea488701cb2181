package scaffold

import (
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

// event is what an example event of a function tells: what the flow passes, and of whom.
type event struct {
	parameters map[string]string // of Details.Parameters
	attributes map[string]string // of the contact
	number     string            // of the caller
}

// readEvent reads a file with an event as Amazon Connect sends it, "" for none.
func readEvent(file string) (event, error) {
	if file == "" {
		return event{}, nil
	}
	doc, err := source.ReadFile(file)
	if err != nil {
		return event{}, err
	}
	details := doc.Get("Details")
	if !details.Is(source.Object) {
		return event{}, source.Finding{Code: source.CodeWrongKind, Severity: source.Error, File: file, Pos: doc.Pos,
			Message: "this is not an event of Amazon Connect: it has no Details",
			Remedy:  `Write {"Details": {"Parameters": {…}, "ContactData": {…}}}.`}
	}
	contact := details.Get("ContactData")
	return event{parameters: scalars(details.Get("Parameters")), attributes: scalars(contact.Get("Attributes")),
		number: contact.Get("CustomerEndpoint").Get("Address").Str()}, nil
}

// scalars are the texts of an object.
func scalars(n *source.Node) map[string]string {
	values := map[string]string{}
	for _, m := range n.Entries() {
		values[m.Key] = m.Value.Scalar()
	}
	return values
}

// reference is what a flow passes as a parameter: what of the contact has the value that it has in the event, else what
// its name suggests.
func (e event) reference(name string) string {
	value := e.parameters[name]
	if value != "" && value == e.number {
		return "$.CustomerEndpoint.Address"
	}
	for _, attribute := range slices.Sorted(maps.Keys(e.attributes)) {
		if attribute == name || value != "" && e.attributes[attribute] == value {
			return "$.Attributes." + attribute
		}
	}
	return referenceFor(name)
}
