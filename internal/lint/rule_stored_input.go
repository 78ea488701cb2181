package lint

import (
	"regexp"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleStoredInput = Rule{
	ID: "stored-input", Group: GroupData, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A secret that the caller entered is passed on unencrypted.",
	Why: "A card number or a date of birth is then kept in the input of the execution (for " + executionKept + "), " +
		"in contact attributes and in logs.",
	Remedy: "Use InputEncryption with CustomValidation and decrypt in the function, or pass a token instead of the " +
		"input.",
	Evidence: "Admin guide, Store customer input; the original system stores the whole event as input (L14).",
	Check: func(p *Pass) {
		told := map[*source.Node]bool{}
		for _, a := range p.Flow.Actions {
			if !p.Flow.Reaches(a) || !storesInOpen(a) {
				continue
			}
			for _, user := range p.Flow.Walk(a.After(), func(b *flowlang.Action) bool { return !b.Is("StoreInput") }) {
				if user.Type != flowlang.InvokeLambdaFunction && user.Type != flowlang.UpdateContactAttributes {
					continue
				}
				for _, m := range passedOn(user) {
					if (isSecret(a) || secretWords.MatchString(words(m.Key))) && !told[m.Value] {
						told[m.Value] = true
						p.on(user, m.Value, "it passes on unencrypted what the caller entered at %q", a.Identifier)
					}
				}
			}
		}
	},
}

// passedOn returns the members in an action's parameters, at any depth, whose value is what the caller entered.
func passedOn(a *flowlang.Action) []source.Member {
	var found []source.Member
	left := []*source.Node{a.Parameters}
	for i := 0; i < len(left); i++ {
		for _, m := range left[i].Entries() {
			if m.Value.Str() == "$.StoredCustomerInput" {
				found = append(found, m)
			}
			left = append(left, m.Value)
		}
		left = append(left, left[i].Elements()...)
	}
	return found
}

// secretWords point to a secret, in the languages that the examples are in.
var secretWords = regexp.MustCompile(`(?i)\b(pins?|passwords?|passcode|passphrase|secret|cards?|credit|debit|cvv|cvc|` +
	`account|iban|routing|ssn|social security|national insurance|tax|passport|birth|birthday|dob|` +
	`security (code|number)|kennwort|passwort|geheimzahl|\w*karte|\w*kartennummer|konto|kontonummer|geburtsdatum|` +
	`geburtstag|steuer\w*|tarjeta|contraseña|clave|cuenta|nacimiento|pasaporte)\b`)

// words splits a name such as cardNumber or card_number into words.
func words(name string) string {
	name = strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(name)
	return lowerUpper.ReplaceAllString(name, "$1 $2")
}

var lowerUpper = regexp.MustCompile(`([a-z])([A-Z])`)

// Card numbers have 12 to 19 digits.
const fewestDigits, mostDigits = 12, 19

// isSecret reports whether the prompt, the identifier or the length of a stored input points to a secret.
func isSecret(a *flowlang.Action) bool {
	length := wholeOf(a.Param("InputValidation").Get("CustomValidation").Get("MaximumLength"), 0)
	text := a.Text("Text") + " " + a.Text("SSML") + " " + words(a.Identifier)
	isLong := fewestDigits <= length && length <= mostDigits
	return secretWords.MatchString(text) || isLong && !otherNumbers.MatchString(text) && !flowlang.FilledIn(text)
}

// otherNumbers are long numbers that are not secret.
var otherNumbers = regexp.MustCompile(`(?i)\b(phone|telephone|mobile|call ?back|order|tracking|reference|ticket|case|` +
	`invoice|parcel|telefonnummer|rückrufnummer|bestellnummer|auftragsnummer|sendungsnummer|teléfono|pedido)`)

// storesInOpen reports whether an action stores what the caller enters without encrypting it.
func storesInOpen(a *flowlang.Action) bool {
	return a.Has(flowlang.StoresInput) && a.Param("InputEncryption") == nil
}
