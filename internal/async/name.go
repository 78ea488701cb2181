package async

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// The parts of an execution's name: [<job>-]<contact>-<hash>. Of the characters that Step
// Functions allows, 0-9 A-Z a-z - _ are the ones
// that also CloudWatch takes (API reference of StartExecution).
const (
	maxName     = awsfacts.NameCharacters
	contactPart = 36
	hashPart    = 16
	jobPart     = maxName - contactPart - hashPart - 2
)

// executionName is the same for the same job, contact, request, again and generation, whatever else the event holds,
// and different otherwise. The hash makes it so; job and contact are there to be read and found.
func (f *Function) executionName(in *invocation, generation int) string {
	contact := in.event.contactID()
	if contact == "" {
		contact = in.requestID
	}
	question := []string{in.job.firstName(), contact, f.request(in)}
	if in.again != "" || generation > 1 {
		question = append(question, in.again, strconv.Itoa(generation))
	}
	name := contactInPart(contact) + "-" + hash(hashPart, question...)
	if in.job.Name != "" {
		name = in.job.inName() + "-" + name
	}
	return name
}

// firstName is the name that the job had before it was renamed, so that a question that a contact asked before finds
// its execution.
func (j Job) firstName() string { return cmp.Or(j.Was, j.Name) }

// inName is the job's name as far as it fits into the name of an execution.
func (j Job) inName() string { return j.firstName()[:min(len(j.firstName()), jobPart)] }

// request is what makes a start unique in its contact: the parameter request, else the data.
func (f *Function) request(in *invocation) string {
	if in.request != "" {
		return "request " + in.request
	}
	return "data " + canonical(f.data(in.event)) + "{}" // names of earlier versions had the attributes here
}

// canonical writes JSON so that the order of members and white space do not show.
func canonical(v any) string {
	written, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	var value any
	d := json.NewDecoder(strings.NewReader(string(written)))
	d.UseNumber()
	if d.Decode(&value) != nil {
		return ""
	}
	written, _ = json.Marshal(value)
	return string(written)
}

// contactInPart is a contact's id as it appears in names and in the log. An id that is not a UUID could be anything, a
// phone number too, so its hash takes its place.
func contactInPart(id string) string {
	if isUUID(id) {
		return id
	}
	return hash(contactPart, id)
}

// isUUID reports whether text has the form 8-4-4-4-12 of hexadecimal digits.
func isUUID(text string) bool {
	if len(text) != contactPart {
		return false
	}
	for i := range len(text) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (text[i] == '-') || (!dash && !isHex(text[i])) {
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// contactInName is the contact in a name that executionName made. ok is false for any other name.
func contactInName(name string) (contact string, ok bool) {
	end := len(name) - hashPart - 1
	start := end - contactPart
	if start < 0 || len(name) > maxName || name[end] != '-' || !allHex(name[end+1:]) {
		return "", false
	}
	if job, isJob := strings.CutSuffix(name[:start], "-"); start > 0 && !(isJob && validJobName(job)) {
		return "", false
	}
	contact = name[start:end]
	return contact, isUUID(contact) || allHex(contact)
}

// jobInName is the job in a name that executionName made, cut as inName cuts it; empty for any other name.
func jobInName(name string) string {
	if _, ours := contactInName(name); !ours {
		return ""
	}
	return strings.TrimSuffix(name[:len(name)-contactPart-hashPart-1], "-")
}

func allHex(text string) bool {
	for i := range len(text) {
		if !isHex(text[i]) {
			return false
		}
	}
	return true
}

// hash is the beginning of the parts' SHA-256 in hexadecimal.
func hash(length int, parts ...string) string {
	written, _ := json.Marshal(parts)
	sum := sha256.Sum256(written)
	return hex.EncodeToString(sum[:])[:length]
}
