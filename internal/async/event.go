package async

import (
	"encoding/json"
	"slices"
	"strings"
)

// object is a JSON object with its members unread. Its names are case sensitive, unlike those of a Go struct.
type object map[string]json.RawMessage

// event is what Connect sends, as far as the async function looks into it.
type event struct {
	text       []byte
	contact    object // Details.ContactData, what is looked into: contactIDs and LanguageCode
	parameters object // Details.Parameters
}

// readEvent finds the parameters. What is absent or null is empty; anything else that is not an object is refused.
func readEvent(text []byte) (event, *refusal) {
	e := event{text: text}
	if !json.Valid(text) {
		return e, refuse(InvalidEvent, "The event is not JSON.")
	}
	root, ok := readObject(text)
	if !ok || root == nil {
		return e, refuse(InvalidEvent, "The event is not a JSON object; Connect sends one.")
	}
	if name := misplaced(root); name != "" {
		return e, refuse(InvalidEvent, "The event has "+name+" at its root; parameters belong into Details.Parameters.")
	}
	details, ok := readObject(root["Details"])
	if !ok {
		return e, refuse(InvalidEvent, "Details is not a JSON object.")
	}
	if e.parameters, ok = readObject(details["Parameters"]); !ok {
		return e, refuse(InvalidEvent, "Details.Parameters is not a JSON object.")
	}
	e.contact = readContact(details["ContactData"])
	return e, nil
}

// readObject reads an object from valid JSON. It is nil, and ok, when there is none or it is null. Of members with the
// same name the last one counts.
func readObject(raw json.RawMessage) (o object, ok bool) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, true
	}
	o = object{}
	ok = eachMember(raw, func(name []byte, value json.RawMessage) { o[string(name)] = value })
	return o, ok
}

// readContact reads what the async function looks into of ContactData. Connect sends much more.
func readContact(raw json.RawMessage) object {
	contact := object{}
	if len(raw) > 0 {
		eachMember(raw, func(name []byte, value json.RawMessage) {
			if slices.Contains(contactIDs, string(name)) || slices.Contains(contactWays, string(name)) {
				contact[string(name)] = value
			}
		})
	}
	return contact
}

// misplaced returns the name of a member that shows that the event was meant to have parameters. Without this, a check
// with its parameters in the wrong place would be a start.
func misplaced(root object) string {
	if _, ok := root["Details"]; ok {
		return ""
	}
	for _, name := range []string{"details", "parameters", ParamExecutionID, LongName(ParamExecutionID)} {
		if _, ok := similar(root, name); ok {
			return name
		}
	}
	return ""
}

// similar finds a member whose name differs at most in upper and lower case.
func similar(o object, name string) (json.RawMessage, bool) {
	for key, value := range o {
		if strings.EqualFold(key, name) {
			return value, true
		}
	}
	return nil, false
}

// contactID is the id under which the contact began, which transfers keep; else the contact's own; else empty.
func (e event) contactID() string {
	for _, name := range []string{"InitialContactId", "ContactId"} {
		if id := textOf(e.contact[name]); id != "" {
			return id
		}
	}
	return ""
}

// textOf is a JSON string's text, and the JSON text of a number. Anything else is empty.
func textOf(raw json.RawMessage) string {
	switch {
	case len(raw) == 0:
		return ""
	case raw[0] == '"':
		return string(unquoted(raw))
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		return string(raw)
	}
	return ""
}

// The members of ContactData that say in which language, and through what, a contact is spoken to.
const (
	contactLanguage = "LanguageCode"
	contactChannel  = "Channel"
	chat            = "CHAT" // a channel
)

var contactWays = []string{contactLanguage, contactChannel}

// contactIDs are the members of ContactData that the minimal input keeps.
var contactIDs = []string{"ContactId", "InitialContactId", "PreviousContactId"}

// InMinimalInput reports whether the minimal input has a member of ContactData.
func InMinimalInput(member string) bool { return slices.Contains(contactIDs, member) }

// input is what the execution gets: the event as it came, or a minimal one of the same shape with the parameters and
// the contact's ids.
func (e event) input(mode InputMode) string {
	if mode != InputMinimal {
		return string(e.text)
	}
	contact := object{}
	for _, name := range contactIDs {
		if id, ok := e.contact[name]; ok {
			contact[name] = id
		}
	}
	parameters := e.parameters
	if parameters == nil {
		parameters = object{}
	}
	minimal, err := json.Marshal(map[string]any{
		"Name":    "ContactFlowEvent",
		"Details": map[string]any{"ContactData": contact, "Parameters": parameters},
	})
	if err != nil {
		panic("async: valid JSON cannot be written: " + err.Error())
	}
	return string(minimal)
}
