package statesapi_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/testrun"
)

// nodeSDK stands for the package of the SDK that Lambda's Node has: the two classes that docs/progress.md uses.
const nodeSDK = `export class UpdateItemCommand { constructor(input) { this.input = input; } }
export class DynamoDBClient {
  async send(command) {
    const answer = await fetch(process.env.AWS_ENDPOINT_URL_DYNAMODB, {method: "POST",
      headers: {"X-Amz-Target": "DynamoDB_20120810.UpdateItem", "Content-Type": "application/x-amz-json-1.0"},
      body: JSON.stringify(command.input)});
    if (!answer.ok) throw new Error(await answer.text());
  }
}
`

// TestFunctionsReport runs the lines of docs/progress.md against a table.
func TestFunctionsReport(t *testing.T) {
	testrun.Heavy(t)
	if testrun.Command(t, "python3", "-c", "import boto3").Run() != nil {
		testrun.Missing(t, "boto3 for python3")
	}
	testrun.Need(t, "node")
	page, err := os.ReadFile("../../docs/progress.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := func(language string) string {
		m := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(page)
		if m == nil {
			t.Fatalf("docs/progress.md has no lines for %s", language)
		}
		return string(m[1])
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	write("node_modules/@aws-sdk/client-dynamodb/index.mjs", nodeSDK)
	write("node_modules/@aws-sdk/client-dynamodb/package.json", `{"type": "module", "main": "index.mjs"}`)
	python := write("report.py", `import boto3, types
custom = {"table": "results", "key": "progress:rate:one"}
context = types.SimpleNamespace(client_context=types.SimpleNamespace(custom=custom))
`+lines("python"))
	node := write("report.mjs", `import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
const context = { clientContext: { custom: { table: "results", key: "progress:rate:one" } } };
`+lines("js"))
	for _, command := range [][]string{{"python3", python}, {"node", node}} {
		s := serve(t)
		s.account.AddResultsTable("results")
		if _, errs, ok := s.run(t, command...); !ok {
			t.Fatal(errs)
		}
		results := local.Results{Account: s.account, Table: "results"}
		item, found, err := results.Item(t.Context(), async.ReportKey("rate", "one"))
		if err != nil || !found || item.Texts[async.ItemReport] != "Two of three banks have answered." {
			t.Errorf("%v: %v, %v, %v", command, item, found, err)
		}
		if len(item.Texts)+len(item.Numbers) != 2 {
			t.Errorf("%v writes more than it may: %v", command, item)
		}
	}
}
