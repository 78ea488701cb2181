package verify_test

import (
	"errors"
	"testing"

	"github.com/connect-async/connect-async/internal/verify"
)

// TestNoCredentialsInWords checks that the SDK's chain of errors is a sentence where there are no credentials at all;
// where some cannot be used, it says why.
func TestNoCredentialsInWords(t *testing.T) {
	const get = "operation error STS: GetCallerIdentity, get identity: get credentials: " +
		"failed to refresh cached credentials, "
	const expired = get + "the SSO session has expired or is invalid"
	for text, want := range map[string]string{
		get + "no EC2 IMDS role found, operation error ec2imds: GetMetadata": "there are no AWS credentials",
		expired: expired,
	} {
		if c := verify.Unanswered(errors.New(text)); c.Code != verify.CodeCredentials || c.Detail != want {
			t.Errorf("%s: %+v", text, c)
		}
	}
}
