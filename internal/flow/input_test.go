package flow_test

import (
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
)

const (
	menu = `
		menu GetParticipantInput {"Text":"press one","InputTimeLimitSeconds":"5","StoreInput":"False"}
			>err 1=one *=star !InputTimeLimitExceeded=late !NoMatchingCondition=err !NoMatchingError=err` + inputEnds
	store = `
		in GetParticipantInput {"Text":"type it","InputTimeLimitSeconds":"5","StoreInput":"True",
			"InputValidation":{"CustomValidation":{"MaximumLength":"4"}},
			"DTMFConfiguration":{"DisableCancelKey":"False","InterdigitTimeLimitSeconds":"3"}}
			>say !NoMatchingError=err
		say MessageParticipant {"Text":"got $.StoredCustomerInput"} >bye` + inputEnds
	phone = `
		in GetParticipantInput {"Text":"your number","InputTimeLimitSeconds":"5","StoreInput":"True",
			"InputValidation":{"PhoneNumberValidation":{"NumberFormat":"E164","CountryCode":"US"}}}
			>say !InvalidPhoneNumber=err !NoMatchingError=err
		say MessageParticipant {"Text":"got $.StoredCustomerInput"} >bye` + inputEnds
	inputEnds = `
one DisconnectParticipant {}
star DisconnectParticipant {}
late DisconnectParticipant {}
bye DisconnectParticipant {}
err DisconnectParticipant {}`
	lex = `
		bot ConnectParticipantWithLexBot {"Text":"how can I help?","LexV2Bot":{"AliasArn":"arn:aws:lex:x"},
			"LexSessionAttributes":{"who":"$.Attributes.who"}}
			>err Balance=say !NoMatchingCondition=late !NoMatchingError=err
		say MessageParticipant {"Text":"$.Lex.IntentName for $.Lex.SessionAttributes.who"} >bye` + inputEnds
)

func TestInput(t *testing.T) {
	inputs := func(list ...flow.Input) []flow.Input { return list }
	tests := map[string]struct {
		scenario
		want  string
		heard string
	}{
		"a key cuts the prompt": {
			scenario{flow: menu, inputs: inputs(after(time.Second, "1", ""))},
			"1s:menu→1 disconnected",
			"",
		},
		"a key after the prompt": {
			scenario{flow: menu, inputs: inputs(after(6*time.Second, "*", ""))},
			"6s:menu→* disconnected",
			"",
		},
		"a key that the menu lacks": {
			scenario{flow: menu, inputs: inputs(after(time.Second, "9", ""))},
			"1s:menu→NoMatchingCondition disconnected",
			"",
		},
		"no key": {scenario{flow: menu}, "7s:menu→InputTimeLimitExceeded disconnected", ""},
		"the time limit without a prompt": {
			scenario{
				flow: `menu GetParticipantInput {"InputTimeLimitSeconds":5} >err !InputTimeLimitExceeded=late` +
					inputEnds,
			},
			"5s:menu→InputTimeLimitExceeded disconnected",
			"",
		},
		"keys in chat": {
			scenario{flow: menu, options: flow.Options{Channel: flow.Chat}},
			"menu→NoMatchingError disconnected",
			"",
		},
		"words are not keys": {
			scenario{flow: menu, inputs: inputs(after(time.Second, "", "one"))},
			"7s:menu→InputTimeLimitExceeded disconnected",
			"",
		},
		"the scenario's key": {
			scenario{flow: menu, options: flow.Options{World: world("menu", flow.Outcome{Result: "1"})}},
			"2s:menu→1 disconnected",
			"",
		},

		"stored: the maximum length": {
			scenario{flow: store, inputs: inputs(after(time.Second, "12345", ""))},
			"1s:in→NextAction 3s:say→NextAction disconnected",
			"type it | got 1234",
		},
		"stored: the terminator": {
			scenario{flow: store, inputs: inputs(after(time.Second, "12#", ""))},
			"1s:in→NextAction 3s:say→NextAction disconnected",
			"type it | got 12",
		},
		"stored: a pause ends it": {
			scenario{flow: store, inputs: inputs(after(time.Second, "12", ""))},
			"4s:in→NextAction 6s:say→NextAction disconnected",
			"type it | got 12",
		},
		"stored: the star deletes": {
			scenario{flow: store, inputs: inputs(after(time.Second, "12*34#", ""))},
			"1s:in→NextAction 3s:say→NextAction disconnected",
			"type it | got 34",
		},
		"stored: nothing is Timeout": {
			scenario{flow: store},
			"7s:in→NextAction 9s:say→NextAction disconnected",
			"type it | got Timeout",
		},
		"stored: nothing can be an error": {
			scenario{flow: store, assume: map[string]string{"no_stored_input": "error"}},
			"7s:in→NoMatchingError disconnected",
			"",
		},
		"a phone number": {
			scenario{flow: phone, inputs: inputs(after(time.Second, "15550100123#", ""))},
			"1s:in→NextAction 3s:say→NextAction disconnected",
			"your number | got +15550100123",
		},
		"a phone number that is too short": {
			scenario{flow: phone, inputs: inputs(after(time.Second, "123#", ""))},
			"1s:in→InvalidPhoneNumber disconnected",
			"",
		},
		"buffered keys skip the prompt": {
			scenario{
				inputs: inputs(after(time.Second, "192", "")),
				flow: `
					buf GetParticipantInput {"EnableDTMFBuffer":"True"} >first !NoMatchingError=err
					first GetParticipantInput {"Text":"a","InputTimeLimitSeconds":"5"}
						>err 1=second !NoMatchingCondition=err !NoMatchingError=err
					second GetParticipantInput {"Text":"b","InputTimeLimitSeconds":"5"}
						>err 9=one !NoMatchingCondition=err !NoMatchingError=err` + inputEnds,
			},
			"buf→NextAction 1s:first→1 second→9 disconnected",
			"a",
		},
		"without a buffer more keys are lost": {
			scenario{
				inputs: inputs(after(time.Second, "19", "")),
				flow: `
					first GetParticipantInput {"Text":"a","InputTimeLimitSeconds":"5"}
						>err 1=second !NoMatchingCondition=err !NoMatchingError=err
					second GetParticipantInput {"Text":"b","InputTimeLimitSeconds":"5"}
						>err 9=one !InputTimeLimitExceeded=late !NoMatchingCondition=err !NoMatchingError=err` +
					inputEnds,
			},
			"1s:first→1 8s:second→InputTimeLimitExceeded disconnected",
			"a | b",
		},

		"a bot: the utterance is an intent": {
			scenario{
				flow:    lex,
				options: flow.Options{Attributes: map[string]string{"who": "Ada"}},
				inputs:  inputs(after(3*time.Second, "", "balance")),
			},
			"3s:bot→Balance 5s:say→NextAction disconnected",
			"how can I help? | Balance for Ada",
		},
		"a bot: the scenario knows the utterance": {
			scenario{
				flow:    lex,
				options: flow.Options{World: flow.World{Intents: map[string]string{"how much have I got?": "Balance"}}},
				inputs:  inputs(after(3*time.Second, "", "how much have I got?")),
			},
			"3s:bot→Balance 5s:say→NextAction disconnected",
			"",
		},
		"a bot: something else": {
			scenario{flow: lex, inputs: inputs(after(3*time.Second, "", "hm"))},
			"3s:bot→NoMatchingCondition disconnected",
			"",
		},
		"a bot: silence": {scenario{flow: lex}, "5s:bot→NoMatchingCondition disconnected", ""},
		"a bot: the scenario's intent": {
			scenario{
				flow: lex,
				options: flow.Options{
					World: world("bot",
						flow.Outcome{Result: "Balance", Data: map[string]string{"$.Lex.SessionAttributes.who": "Bob"}}),
				},
			},
			"2s:bot→Balance 4s:say→NextAction disconnected",
			"",
		},
		"a bot in the other form": {
			scenario{
				inputs: inputs(after(time.Second, "", "Yes")),
				flow: `
					bot GetParticipantInput {"Text":"sure?","LexV2Bot":{"AliasArn":"x"}}
						>err Yes=one !NoMatchingCondition=late !NoMatchingError=err` + inputEnds,
			},
			"1s:bot→Yes disconnected",
			"",
		},
		"a view: chosen": {
			scenario{
				options: flow.Options{Channel: flow.Chat},
				inputs:  inputs(after(8*time.Second, "", "Next")),
				flow: `
					view ShowView {"ViewResource":{"Id":"v"},"InvocationTimeLimitSeconds":"400"}
						>err Next=one
						!NoMatchingCondition=late !TimeLimitExceeded=late !NoMatchingError=err` + inputEnds,
			},
			"8s:view→Next disconnected",
			"",
		},
		"a view: too late": {
			scenario{
				options: flow.Options{Channel: flow.Chat},
				flow: `
					view ShowView {"ViewResource":{"Id":"v"},"InvocationTimeLimitSeconds":"400"}
						>err Next=one
						!NoMatchingCondition=late !TimeLimitExceeded=late !NoMatchingError=err` + inputEnds,
			},
			"6m40s:view→TimeLimitExceeded disconnected",
			"",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := test.play(t)
			expect(t, d, test.want, test.heard)
		})
	}
}
