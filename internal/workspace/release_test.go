package workspace_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/lambdaapi"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/workspace"
)

// TestReleases: with an alias flows invoke it, each time that a project is put into an account a version is published,
// and what is not published there is refused as by Lambda. Without one every version and alias is the function.
func TestReleases(t *testing.T) {
	read := func(deploy string) *workspace.Workspace {
		p, found := project.Read(write(t, map[string]string{project.FileName: bank + deploy, "payment.json": payment}))
		if p == nil {
			t.Fatal(found)
		}
		return open(t, workspace.Options{Project: p, StandIns: standIns()})
	}
	o := local.Options{Clock: clock.Real{}}
	latest, alias := read(""), read("deploy: {releases: alias}\n")
	account, _ := latest.Account(o, nil)
	const arn = "arn:aws:lambda:us-east-1:000000000000:function:bank-async"
	if got := latest.Names[flowlang.Async.String()]; got != arn {
		t.Errorf("flows invoke %s", got)
	}
	if got := alias.Names[flowlang.Async.String()]; got != arn+":live" {
		t.Errorf("with an alias flows invoke %s", got)
	}
	check := func(when string, of *workspace.Workspace, want map[string]string) {
		api := lambdaapi.New(lambdaapi.Options{Clock: o.Clock, Functions: of.Served(account, o.Clock)})
		defer api.Close()
		for name, version := range want {
			answer := httptest.NewRecorder()
			path := "http://localhost" + lambdaapi.InvokePath("bank-async") + "?Qualifier=" + name
			api.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, path, nil))
			got := answer.Header().Get("X-Amz-Executed-Version")
			if answer.Code != http.StatusOK {
				got = answer.Header().Get("X-Amzn-Errortype")
			}
			if got != version {
				t.Errorf("%s, %q: %s, want %s: %s", when, name, got, version, answer.Body)
			}
		}
	}
	const missing = "ResourceNotFoundException"
	check("without an alias", latest, map[string]string{"": "$LATEST", "live": "$LATEST"})
	alias.Replace(latest, account, o)
	check("with an alias", alias, map[string]string{"": "$LATEST", "live": "1", "prod": missing, "2": missing})
	alias.Replace(alias, account, o)
	check("a release later", alias, map[string]string{"live": "2", "1": "1"})
	latest.Replace(alias, account, o)
	check("without an alias again", latest, map[string]string{"live": "$LATEST"})
}
