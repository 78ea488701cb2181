package async

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
)

// contractExample is the beginning of docs/contract.md, with an event and two replies.
const contractExample = "A Lambda block of a flow invokes the async function with two parameters: `action` is for " +
	"the async\nfunction itself, `customer_number` for the wrapped one. This is the event, without what is not " +
	"read:\n\n%s\nThe work is started, and the reply says what the caller hears meanwhile:\n\n%s\nThe flow plays " +
	"`$.External.sfn_say` and comes back to the same block. The same event, 12 s later, when the wrapped\nfunction " +
	"has returned `{\"balance\": \"42.10\"}`:\n\n%s\nThe keys of the result are beside those of the protocol: the " +
	"flow says `$.External.balance`.\n"

//go:generate go test . -run ^TestContractBeginsWithAnExample$ -count=1 -update

// TestContractBeginsWithAnExample makes the two calls that docs/contract.md begins with.
func TestContractBeginsWithAnExample(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, map[string]string{"RESULTS_TABLE": "bank-results"})
	delete(f.contact, "Attributes")
	f.contact["LanguageCode"] = "en-US"
	event := f.event(parametersOf{"action": "run", "customer_number": "+15550100"})
	var first, second []byte
	play(t, w, func() {
		first = exampleReply(f, event)
		w.sleep(12 * time.Second)
		second = exampleReply(f, event)
	})
	text := fmt.Sprintf(contractExample, jsonBlock(t, event), jsonBlock(t, first), jsonBlock(t, second))
	testrun.GeneratedPart(t, "../../docs/contract.md", "example", text)
}

// exampleReply is the reply to an event, which has the manners of every reply.
func exampleReply(f *flow, event []byte) []byte {
	ctx, cancel := f.world.clock.WithDeadline(context.Background(), f.world.clock.Now().Add(f.limit))
	defer cancel()
	body, err := f.f.Handle(ctx, "00000000-0000-4000-8000-000000000001", event)
	if err != nil {
		f.t.Fatal(err)
	}
	f.read(body)
	return body
}

// jsonBlock is JSON as a document shows it.
func jsonBlock(t *testing.T, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	return "```json\n" + b.String() + "\n```\n"
}
