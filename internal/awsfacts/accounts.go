package awsfacts

import (
	"slices"
	"strings"
)

// exampleAccounts are the account numbers that AWS's documentation uses in examples (read on 2026-11-22).
var exampleAccounts = strings.Fields(`000000000000 012345678901 012345678910 111111111111 111122223333 123456789012
	222222222222 444455556666 999999999999`)

// IsExampleAccount reports whether an account number is one of those in the examples of AWS's documentation.
func IsExampleAccount(account string) bool { return slices.Contains(exampleAccounts, account) }
