package adopt

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// Language is the language that a flow sets for its contacts, if there are built-in texts in it; "" when the flow sets
// none, or several.
func Language(f *flowlang.Flow) string {
	var languages []string
	for _, a := range f.OfType(flowlang.UpdateContactData) {
		language := async.PrimaryLanguage(a.Text("LanguageCode"))
		if language != "" && !slices.Contains(languages, language) {
			languages = append(languages, language)
		}
	}
	if len(languages) != 1 || !slices.Contains(async.BuiltInLanguages(), languages[0]) {
		return ""
	}
	return languages[0]
}
