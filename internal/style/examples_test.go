package style_test

import (
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
	"github.com/connect-async/connect-async/internal/testrun"
)

const music = "${prompt:hold-music}"

// balanceTexts are the texts of the examples that look up a balance.
var balanceTexts = style.Texts{
	Thanks:     "Thanks. I am looking up your balance.",
	Result:     "Your balance is $.External.balance dollars.",
	Failed:     "I am sorry, your balance could not be looked up.",
	Unreadable: "I have your balance, but cannot read it out. Please call again.",
	NoService:  "I am sorry, I cannot look up your balance at the moment.",
}

var customer = map[string]string{"customer_number": "$.CustomerEndpoint.Address"}

// examples are the flows in the folder examples that are written by Generate, by file.
var examples = map[string]style.Options{
	"balance/flow.json": {
		Style: style.Poll, Name: "Balance enquiry", FunctionARN: "${async}", Job: "balance", Data: customer,
		Prompt:      music,
		Description: "Looks up a balance, which takes longer than Connect waits, and keeps talking to the caller.",
		Texts:       balanceTexts,
	},
	"chain/flow.json": {
		Style: style.Poll, Name: "Loan offer", FunctionARN: "${async}", Job: "offer", Data: customer,
		Description: "Three functions in a row behind one start: identify, rate, offer.",
		Texts:       style.Texts{Result: "We can offer you $.External.amount dollars at $.External.rate percent."},
	},
	"wait/flow.json": {
		Style: style.Wait, Name: "Balance enquiry, wait style", FunctionARN: "${async}", Job: "balance",
		Data: customer, Prompt: music,
		Description: "Looks up a balance and lets Connect wait for it. Experimental: see docs/flows.md.",
		Texts:       balanceTexts,
	},
	"queue/flow.json": {
		Style: style.Queue, Name: "Delivery date in the queue", FunctionARN: "${async}", Job: "delivery",
		Data: customer, Prompt: music,
		Description: "Looks up a delivery date while the caller waits for an agent.",
		Texts: style.Texts{
			Result: "Your parcel arrives on $.External.day. If you need nothing else, you can hang up.",
			Failed: "I could not find your parcel. The agent will help you.",
		},
	},
	"chat/flow.json": {
		Style: style.Chat, Name: "Booking by chat", FunctionARN: "${async}", Job: "booking", Language: "de",
		Description: "Books a seat, which takes a while, and writes now and then.",
		Data:        map[string]string{"train": "$.Attributes.train"},
		Texts: style.Texts{
			Thanks: "Danke. Ich buche Ihren Platz.",
			Result: "Gebucht: Wagen $.External.coach, Platz $.External.seat.",
			Failed: "Es tut mir leid, der Zug ist ausgebucht.",
		},
	},
	"module/module.json": {
		Style: style.Poll, Type: flowlang.Module, Name: "Look up an order", FunctionARN: "${async}",
		Job: "order", Prompt: music,
		Description: "Starts the look-up, talks to the caller, and returns the outcome as ResultData.",
		Data:        map[string]string{"order": "$.Modules.Input.order"},
		Returns:     map[string]string{"state": "$.External.state", "day": "$.External.day"},
	},
	"menu/balance.json": {
		Style: style.Poll, Type: flowlang.Module, Name: "Look up the balance", FunctionARN: "${async}",
		Job: "balance", Data: customer,
		Description: "Returns the balance as ResultData.", Prompt: music,
		Returns: map[string]string{"balance": "$.External.balance"},
	},
	"menu/payments.json": {
		Style: style.Poll, Type: flowlang.Module, Name: "Look up the last payment", FunctionARN: "${async}",
		Job: "payments", Data: customer,
		Description: "Returns the last payment as ResultData.", Prompt: music,
		Returns: map[string]string{"amount": "$.External.amount", "day": "$.External.day"},
	},
}

//go:generate go test . -run ^TestExamples$ -count=1 -update
//go:generate go test . -run ^TestModuleSettings$ -count=1 -update

// TestModuleSettings checks the settings beside the example's module, which publishing it needs.
func TestModuleSettings(t *testing.T) {
	doc, err := source.ReadFile("../../examples/module/module.json")
	if err != nil {
		t.Fatal(err)
	}
	module, err := flowlang.Read("module.json", doc)
	if err != nil {
		t.Fatal(err)
	}
	want, err := module.ModuleSettings()
	if err != nil {
		t.Fatal(err)
	}
	const file = "../../examples/module/module-settings.json"
	testrun.Generated(t, file, string(want)+"\n")
}

func TestExamples(t *testing.T) {
	for name, options := range examples {
		want, err := style.Generate(options)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		testrun.Generated(t, filepath.Join("../../examples", filepath.FromSlash(name)), string(want))
	}
}
