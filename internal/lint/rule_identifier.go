package lint

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/source"
)

var ruleIdentifier = Rule{
	ID: "identifier", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "An action's identifier is given twice, too long, or has characters that Connect refuses.",
	Why:      "Connect refuses the flow.",
	Remedy:   `Use 1 to 50 characters, none of % : ( \ / ) = $ , ; [ ] { }, and each identifier once.`,
	Evidence: "Developer guide, Actions.",
	Check:    checkIdentifiers,
}

// reserved identifiers (developer guide, Actions).
var reserved = strings.Fields("__proto__ constructor __defineGetter__ __defineSetter__ toString hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString valueOf")

func checkIdentifiers(p *Pass) {
	for _, a := range p.Flow.Actions {
		n := a.node.Get("Identifier")
		switch first := p.Flow.byID[a.ID]; {
		case a.ID == "":
		case first != a:
			p.on(a, n, "the identifier is given twice, first in line %d", first.node.Pos.Line)
		case utf8.RuneCountInString(a.ID) > 50:
			p.on(a, n, "the identifier has more than 50 characters")
		case strings.ContainsAny(a.ID, `%:(\/)=$,;[]{}`):
			p.on(a, n, "the identifier has a character that Connect refuses")
		case slices.Contains(reserved, a.ID):
			p.on(a, n, "the identifier is reserved")
		}
	}
}
