package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/loopback"
	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/standin"
)

// checkDynamoDB checks --dynamodb, and what cannot be beside it.
func (o serveOptions) checkDynamoDB() error {
	if o.dynamodb == "" {
		return nil
	}
	if len(o.tables) > 0 {
		return usage("--table adds tables on this machine, and --dynamodb sends all requests to another DynamoDB.\n"+
			"Create the table there (aws dynamodb create-table --endpoint-url %s), or leave out --dynamodb.",
			o.dynamodb)
	}
	u, err := url.Parse(o.dynamodb)
	onlyHost := err == nil && u.Host != "" && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.User == nil
	switch {
	case onlyHost && u.Scheme == "https":
		return nil
	case onlyHost && u.Scheme == "http" && loopback.Names(u.Host):
		return nil
	}
	return usage("--dynamodb is %q, which is not the address of a DynamoDB.\n"+
		"Use https://HOST, or http://127.0.0.1:PORT for one on this machine.", o.dynamodb)
}

// dynamoDB is a DynamoDB that all requests are sent to, instead of tables of the account.
type dynamoDB struct {
	address string
	tables  *remote.Tables
}

// newDynamoDB returns the DynamoDB of --dynamodb, nil when there is none.
func newDynamoDB(ctx context.Context, address string) (*dynamoDB, error) {
	if address == "" {
		return nil, nil
	}
	var own *remote.LocalCredentials
	if standin.OnThisMachine(address) { // DynamoDB Local has other tables for each key and Region: clients have these
		own = &remote.LocalCredentials{ID: localKey, Secret: localKey, Region: localRegion}
	}
	tables, err := remote.NewTables(ctx, address, own, clock.Real{})
	if err != nil {
		return nil, usage("--dynamodb %s: %v", address, err)
	}
	return &dynamoDB{address: address, tables: tables}, nil
}

// Do implements local.TaskService for tasks and for the async function.
func (d *dynamoDB) Do(ctx context.Context, operation string, request json.RawMessage) (json.RawMessage, error) {
	answer, err := d.tables.Do(ctx, operation, request)
	if refused, ok := errors.AsType[*remote.TablesError](err); ok {
		return nil, &local.Error{Code: refused.Code, Message: refused.Message, Item: refused.Item,
			Reasons: refused.Reasons}
	}
	if err != nil {
		return nil, &local.Error{Code: "SdkClientException", Message: d.unreachable(err)}
	}
	return answer, nil
}

// unreachable says what is wrong when no answer comes.
func (d *dynamoDB) unreachable(err error) string {
	return fmt.Sprintf("DynamoDB at %s does not answer: %v. Start it, or leave out --dynamodb.", d.address, err)
}

// pass sends requests to DynamoDB as they are, and all others to next. The Host stays, since it is signed.
func (d *dynamoDB) pass(next http.Handler) http.Handler {
	to, err := url.Parse(d.address)
	if err != nil {
		panic(err) // it was checked with the flags
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			w.Header().Set("Content-Type", "application/x-amz-json-1.0")
			w.WriteHeader(http.StatusBadGateway)
			_ = json.NewEncoder(w).Encode(map[string]string{
				"__type": "com.amazon.coral.service#ServiceUnavailable", "message": d.unreachable(err),
			}) // the client may be gone
		},
	}
	return loopback.Only(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "DynamoDB") {
			proxy.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	}))
}

// createResults creates the results table of a project in a DynamoDB on this machine, which may have begun empty. In
// AWS the table is there, or is to be created with all that belongs to it.
func (d *dynamoDB) createResults(ctx context.Context, table string) source.Findings {
	if table == "" || !standin.OnThisMachine(d.address) {
		return nil
	}
	request, err := json.Marshal(map[string]any{
		"TableName": table, "BillingMode": "PAY_PER_REQUEST",
		"AttributeDefinitions": []map[string]string{{"AttributeName": async.ItemExecution, "AttributeType": "S"}},
		"KeySchema":            []map[string]string{{"AttributeName": async.ItemExecution, "KeyType": "HASH"}},
	})
	if err == nil {
		_, err = d.Do(ctx, "CreateTable", request)
	}
	if refused, ok := errors.AsType[*local.Error](err); err == nil || ok && refused.Code == "ResourceInUseException" {
		return nil
	}
	return source.Findings{{Code: codeNoResultsTable, Severity: source.Error, File: d.address,
		Message: "the results table " + table + " cannot be created: " + err.Error(),
		Remedy:  "Create it with the key " + async.ItemExecution + " of type S."}}
}

// codeNoResultsTable is the code of the finding that a table cannot be created.
const codeNoResultsTable = "results-table"
