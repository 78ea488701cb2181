package value

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Unfit says why json.Unmarshal refused a text, without the names of Go types. whole is what the text is called.
func Unfit(err error, whole string) string {
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case !ok:
		return whole + " is not JSON: " + err.Error()
	case wrong.Field == "":
		return fmt.Sprintf("%s cannot be a JSON %s", whole, wrong.Value)
	}
	// Before the last dot are the names of embedded types, too.
	return fmt.Sprintf("%s cannot be a JSON %s", wrong.Field[strings.LastIndex(wrong.Field, ".")+1:], wrong.Value)
}
