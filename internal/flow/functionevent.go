package flow

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// functionEvent writes the event for a function: the contact's data, and the block's parameters with their references
// resolved, which happens before the function is invoked. Flow attributes are not part of it. Fields: admin guide,
// "Invoke Lambda functions"; AwsRegion, RelatedContactId, SegmentAttributes and Tags: live. parametersAt is where the
// block's parameters begin.
func (c *Contact) functionEvent(f *frame, a *flowlang.Action) (event json.RawMessage, parametersAt int) {
	w := c.beginEvent()
	parametersAt = len(w.b)
	c.writeParameters(w, f, a)
	w.raw(afterParameters)
	return w.b, parametersAt
}

// FunctionEvent is the event that a function gets from a contact that has just begun, with the parameters as they are.
func FunctionEvent(o Options, parameters map[string]string) json.RawMessage {
	w := NewContact(nil, o).beginEvent()
	w.begin()
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		w.key(name).quote(parameters[name])
	}
	w.end().raw(afterParameters)
	return w.b
}

// beginEvent writes the event up to its parameters.
func (c *Contact) beginEvent() *eventWriter {
	s := &c.state
	w := &eventWriter{b: make([]byte, 0, 1280), leaveOut: s.Assumptions.AbsentFields == AbsentFieldsLeftOut}
	if w.leaveOut { // some field never has a value
		c.rest("absent_fields")
	}
	w.raw(`{"Name":"ContactFlowEvent","Details":{"ContactData":`)
	w.begin()
	w.stringMap("Attributes", s.Attributes)
	w.text("AwsRegion", s.Options.region())
	w.text("Channel", string(s.Options.Channel))
	w.text("ContactId", s.Options.ContactID)
	w.endpoint("CustomerEndpoint", s.Options.CustomerNumber)
	w.text("CustomerId", s.Fields["CustomerId"])
	w.text("Description", s.Fields["Description"])
	w.text("InitialContactId", s.Options.InitialContactID)
	w.text("InitiationMethod", s.Options.InitiationMethod)
	w.text("InstanceARN", s.Options.InstanceARN)
	w.text("LanguageCode", s.Fields["LanguageCode"])
	w.mediaStreams(s.Shared["MediaStreams"])
	w.text("Name", s.Fields["Name"])
	w.text("PreviousContactId", s.Options.ContactID)
	w.queue(s.Queue, c.queueName())
	w.key("References").raw("{}")
	w.text("RelatedContactId", "")
	w.segment(s.Options.Channel)
	w.endpoint("SystemEndpoint", s.Options.SystemNumber)
	w.stringMap("Tags", s.Shared["Tags"])
	return w.end().raw(`,"Parameters":`)
}

// afterParameters is what of the event follows the parameters.
const afterParameters = "}}"

func (c *Contact) writeParameters(w *eventWriter, f *frame, a *flowlang.Action) {
	parameters := a.Param("LambdaInvocationAttributes")
	w.begin()
	if parameters.Is(source.Object) {
		for _, m := range parameters.Members {
			if value := c.resolveTree(f, m.Value); value != nil {
				w.key(m.Key).node(value)
			}
		}
	}
	w.end()
}

// eventWriter appends JSON. Texts that are empty are written as null or left out.
type eventWriter struct {
	b        []byte
	leaveOut bool
}

func (w *eventWriter) raw(text string) *eventWriter {
	w.b = append(w.b, text...)
	return w
}

func (w *eventWriter) begin() { w.b = append(w.b, '{') }

func (w *eventWriter) end() *eventWriter {
	w.b = append(w.b, '}')
	return w
}

// key writes a key, and a comma before it unless it is the first of its object.
func (w *eventWriter) key(name string) *eventWriter {
	if w.b[len(w.b)-1] != '{' {
		w.b = append(w.b, ',')
	}
	w.quote(name)
	w.b = append(w.b, ':')
	return w
}

func (w *eventWriter) text(name, value string) {
	if value != "" {
		w.key(name).quote(value)
		return
	}
	w.none(name)
}

func (w *eventWriter) none(name string) {
	if !w.leaveOut {
		w.key(name).raw("null")
	}
}

func (w *eventWriter) endpoint(name, address string) {
	if address == "" {
		w.none(name)
		return
	}
	w.key(name).begin()
	w.text("Address", address)
	w.text("Type", "TELEPHONE_NUMBER")
	w.end()
}

func (w *eventWriter) queue(arn, name string) {
	if arn == "" {
		w.none("Queue")
		return
	}
	w.key("Queue").begin()
	w.text("ARN", arn)
	w.text("Name", name)
	w.none("OutboundCallerId")
	w.end()
}

// mediaStreams writes the audio stream's values; live, Audio is an empty object when there is no stream.
func (w *eventWriter) mediaStreams(values map[string]string) {
	w.key("MediaStreams").raw(`{"Customer":{"Audio":{`)
	for _, name := range []string{"StreamARN", "StartTimestamp", "StopTimestamp", "StartFragmentNumber"} {
		if value := values["Customer.Audio."+name]; value != "" {
			w.text(name, value)
		}
	}
	w.raw("}}}")
}

// subtypes are the values of connect:Subtype; the one for voice has not been seen live.
var subtypes = map[Channel]string{
	Voice: "connect:Telephony", Chat: "connect:Chat", Task: "connect:Task", Email: "connect:Email",
}

func (w *eventWriter) segment(channel Channel) {
	w.key("SegmentAttributes").raw(`{"connect:Subtype":{`)
	w.text("ValueString", subtypes[channel])
	for _, name := range []string{"ValueInteger", "ValueArn", "ValueList", "ValueMap"} {
		w.none(name)
	}
	w.raw("}}")
}

func (w *eventWriter) stringMap(name string, values map[string]string) {
	w.key(name).begin()
	if len(values) == 0 {
		w.end()
		return
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		w.key(key).quote(values[key])
	}
	w.end()
}

func (w *eventWriter) node(n *source.Node) {
	if n.Kind == source.String {
		w.quote(n.Text)
		return
	}
	text, _ := n.MarshalJSON() // never fails
	w.b = append(w.b, text...)
}

// quote writes a JSON string.
func (w *eventWriter) quote(text string) {
	if plain(text) {
		w.b = append(append(append(w.b, '"'), text...), '"')
		return
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string always encodes
	w.b = append(w.b, bytes.TrimRight(b.Bytes(), "\n")...)
}

func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' || text[i] == '"' || text[i] == '\\' {
			return false
		}
	}
	return true
}
