package backend

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestFIPSEndpoints looks at the hosts that the clients dial.
func TestFIPSEndpoints(t *testing.T) {
	for value, want := range map[string][]string{
		"true":  {"states-fips.us-east-1.amazonaws.com:443", "dynamodb-fips.us-east-1.amazonaws.com:443"},
		"false": {"states.us-east-1.amazonaws.com:443", "dynamodb.us-east-1.amazonaws.com:443"},
		"":      {"states.us-east-1.amazonaws.com:443", "dynamodb.us-east-1.amazonaws.com:443"},
	} {
		env := map[string]string{"AWS_REGION": "us-east-1", "AWS_USE_FIPS_ENDPOINT": value,
			"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
		s, errs := SettingsFromEnv(func(name string) string { return env[name] })
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		var dialled []string
		s.client = s.client.WithTransportOptions(func(t *http.Transport) {
			t.Proxy = nil
			t.DialContext = func(_ context.Context, _, address string) (net.Conn, error) {
				dialled = append(dialled, address)
				return nil, errors.New("not dialled in a test")
			}
		})
		_, _ = NewExecutions(s).Describe(t.Context(), executionARN)
		_, _, _ = NewResults(s, "results").Get(t.Context(), "x")
		if !slices.Equal(dialled, want) {
			t.Errorf("AWS_USE_FIPS_ENDPOINT=%s dials %v, want %v", value, dialled, want)
		}
	}
}

func TestFIPSEndpointCannotBeYourOwn(t *testing.T) {
	for variable, env := range map[string]map[string]string{
		"AWS_ENDPOINT_URL_SFN":  {"AWS_ENDPOINT_URL_SFN": "http://localhost:4566", "AWS_USE_FIPS_ENDPOINT": "true"},
		"AWS_USE_FIPS_ENDPOINT": {"AWS_USE_FIPS_ENDPOINT": "yes"},
	} {
		env["AWS_REGION"] = "us-east-1"
		_, errs := SettingsFromEnv(func(name string) string { return env[name] })
		if len(errs) != 1 || !strings.HasPrefix(errs[0].Error(), variable+": ") {
			t.Errorf("%v: %v", env, errs)
		}
	}
}
