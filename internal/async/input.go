package async

import (
	"crypto/sha1" // what a UUID of version 5 is made with (RFC 9562, 5.5)
	"encoding/hex"
	"strings"
)

// input is what the execution gets. Where EXECUTION_NAME asks for it, it has a member execution, in the form that the
// state machines of internal/machine add one: what is in the input already stays as it is.
func (f *Function) input(in *invocation) string {
	input := in.event.input(f.config.Input)
	if !f.config.NameAsUUID {
		return input
	}
	root, _ := readObject([]byte(input)) // readEvent has seen that it is an object
	if _, given := root["execution"]; given {
		return input
	}
	id := quote(in.job.executionPrefix() + in.execution)
	execution := `{"execution":{"id":` + string(id) + `,"name":"` + uuidOf(in.execution) + `"}`
	if len(root) == 0 {
		return execution + "}"
	}
	_, members, _ := strings.Cut(input, "{")
	return execution + "," + members
}

// urlNamespace is the namespace of URLs in UUIDs of version 5 (RFC 9562, 6.6).
const urlNamespace = "\x6b\xa7\xb8\x11\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8"

// uuidOf is a name's UUID of version 5: what uuid.uuid5(uuid.NAMESPACE_URL, name) is in Python.
func uuidOf(name string) string {
	sum := sha1.Sum([]byte(urlNamespace + name))
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	t := hex.EncodeToString(id)
	return t[:8] + "-" + t[8:12] + "-" + t[12:16] + "-" + t[16:20] + "-" + t[20:]
}
