package flowlang

import (
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// A reference is a JSONPath as Connect knows it: $.Attributes.name, $.Attributes.['a name'], $['Attributes']['name'],
// $.Views.ViewResultData.Category.0 (admin guide, "List of available contact attributes").

// HasKeyFilledIn reports whether a template fills in the name of one of an object's members.
func HasKeyFilledIn(n *source.Node) bool {
	return slices.ContainsFunc(n.Entries(), func(m source.Member) bool { return FilledIn(m.Key) })
}

// The first steps of references (Admin guide, list of available contact attributes, External Tool block, and campaigns
// by the API; AgenticCX, DataTableList and CustomerCallBackPhoneNumber: exports).
var (
	// bareNamespaces have no value themselves, only further steps.
	bareNamespaces = strings.Fields(`Agent Attributes Capabilities Case Customer CustomerEndpoint DataTables
		DeliveryReceipts Email External ExternalTool FlowAttributes LambdaInvocation Lex Loop Media MediaStreams Metrics
		Modules OutboundCommunication Queue References SegmentAttributes SystemEndpoint Tags Task Views Wisdom`)

	// valueNamespaces have, or may have, a value themselves.
	valueNamespaces = strings.Fields(`AdditionalEmailRecipients AgenticCX AwsRegion Channel ContactId
		CustomerCallBackPhoneNumber CustomerCallbackNumber CustomerId DataTableList Description InitialContactId
		InitiationMethod InstanceARN LanguageCode Name PreviousContactId RelatedContactId StoredCustomerInput
		TextToSpeechVoiceId`)
)

// RegionReference is the reference to the Region in which a flow is run. The ARNs of functions may have it within them.
const RegionReference = "$.AwsRegion"

// IsNamespace reports whether references can begin with a step, such as Attributes in $.Attributes.name.
func IsNamespace(step string) bool {
	return slices.Contains(bareNamespaces, step) || slices.Contains(valueNamespaces, step)
}

// Namespaces are the steps that references can begin with.
func Namespaces() []string { return slices.Concat(bareNamespaces, valueNamespaces) }

// IsValue reports whether a reference of one step, such as $.ContactId, has a value.
func IsValue(step string) bool { return slices.Contains(valueNamespaces, step) }

// IsReference reports whether a whole text is one reference, such as $.Attributes.name.
func IsReference(text string) bool {
	_, n := ReadReference(text)
	return n > 0 && n == len(text)
}

// ReadReference reads the reference at the beginning of text. It returns its steps and how many bytes of text it
// takes, 0 when text does not begin with a reference.
func ReadReference(text string) (path []string, length int) {
	if len(text) < 2 || text[0] != '$' {
		return nil, 0
	}
	at := 1
	for at < len(text) {
		step, n := readStep(text[at:])
		if n == 0 {
			break
		}
		path = append(path, step)
		at += n
	}
	if len(path) == 0 || !isLetter(path[0]) {
		return nil, 0
	}
	return path, at
}

// completed is what follows a reference whose name a template completes.
var completed = regexp.MustCompile(`^(\.?|\.?\['?)\$\{`)

// References returns the paths of all references in a text, in their order: $.Attributes.name is [Attributes name]. One
// that a template completes, as in $.Attributes.${var.name}, is left out.
func References(text string) [][]string {
	var paths [][]string
	for at := strings.IndexByte(text, '$'); at >= 0; at = strings.IndexByte(text, '$') {
		path, n := ReadReference(text[at:])
		if isComplete := !completed.MatchString(text[at+n:]); n > 0 && isComplete {
			paths = append(paths, path)
		}
		text = text[at+max(n, 1):]
	}
	return paths
}

// WithoutReferences replaces every reference in a text by a letter.
func WithoutReferences(text string) string {
	var b strings.Builder
	for text != "" {
		if _, n := ReadReference(text); n > 0 {
			b.WriteByte('x')
			text = text[n:]
			continue
		}
		b.WriteByte(text[0])
		text = text[1:]
	}
	return b.String()
}

// readStep reads one step: .name, .['name'], ['name'] or [0].
func readStep(text string) (step string, length int) {
	at := 0
	if text[0] == '.' {
		at = 1
	}
	if at < len(text) && text[at] == '[' {
		return readBracket(text, at+1)
	}
	if at == 0 {
		return "", 0
	}
	end := at
	for end < len(text) && isNameByte(text[end]) {
		end++
	}
	if end == at {
		return "", 0
	}
	return text[at:end], end
}

func readBracket(text string, at int) (step string, length int) {
	end := strings.IndexByte(text[at:], ']')
	if end <= 0 {
		return "", 0
	}
	inner := text[at : at+end]
	if quote := inner[0]; quote == '\'' || quote == '"' {
		closing := strings.IndexByte(text[at+1:], quote)
		if closing < 0 || at+closing+2 >= len(text) || text[at+closing+2] != ']' {
			return "", 0
		}
		return text[at+1 : at+1+closing], at + closing + 3
	}
	for i := range len(inner) {
		if inner[i] < '0' || inner[i] > '9' {
			return "", 0
		}
	}
	return inner, at + end + 1
}

func isNameByte(b byte) bool {
	return b == '_' || b == '-' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || b >= 0x80
}

func isLetter(s string) bool {
	return s != "" && ('a' <= s[0] && s[0] <= 'z' || 'A' <= s[0] && s[0] <= 'Z')
}
