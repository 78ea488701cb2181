package async

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// deviation is how and why our reply differs from the original's in some of the recorded cases.
type deviation struct {
	reason string // for a contract case: one of allowedReasons; else the fault that it fixes, or what it refuses
	want   string // status, sfn_result, sfn_error, sfn_status, sfn_degraded, requests
	cases  string
}

// allowedReasons are all for which a contract case may differ.
var allowedReasons = map[string]bool{
	"giving up looks once more and keeps execution_id (L3)":     true,
	"foreign or malformed ids make no request (L6, L7)":         true,
	"nothing configured is a failure (L9)":                      true,
	"a start that meets its own execution (L4)":                 true,
	"number of repeats, a clear reply instead of an error (L5)": true,
}

const (
	givingUp  = "giving up looks once more and keeps execution_id (L3)"
	ids       = "foreign or malformed ids make no request (L6, L7)"
	unready   = "nothing configured is a failure (L9)"
	ownStart  = "a start that meets its own execution (L4)"
	repeats   = "number of repeats, a clear reply instead of an error (L5)"
	noRequest = "-"
)

var deviations = []deviation{
	// Contract cases.
	{reason: givingUp, want: "LOOP_DONE FAILURE GaveUp RUNNING false Describe",
		cases: "count_max/default5_count5 count_max/exceeded count_max/far_exceeded count_max/zero_second " +
			"count_max/negative_second flow/check21_of_sample_flow"},
	{reason: ids, want: "FAILED FAILURE InvalidExecutionId none false -",
		cases: "execution_id/garbage execution_id/whitespace execution_id/state_machine_arn_passed " +
			"execution_id/very_long"},
	{reason: ids, want: "FAILED FAILURE NotOwnExecution none false -", cases: "execution_id/other_region_account"},
	{reason: unready, want: "FAILED FAILURE NotConfigured none false -",
		cases: "execution_id/no_state_machine_env env/unset env/empty env/unset_event_empty " +
			"env/unset_count_max_exceeded"},
	{reason: ownStart, want: "CREATED - none RUNNING false Start Describe",
		cases: "error_start/ExecutionAlreadyExists"},
	{reason: repeats, want: "RUNNING - none UNKNOWN true Describe",
		cases: "error_describe/ThrottlingException error_describe/InternalFailure " +
			"error_describe/ServiceUnavailable error_describe/throttled_4_then_ok"},
	{reason: repeats, want: "FAILED FAILURE ExecutionDoesNotExist UNKNOWN false Describe",
		cases: "execution_id/unknown error_describe/ExecutionDoesNotExist"},
	{reason: repeats, want: "FAILED FAILURE StartFailed UNKNOWN true Start",
		cases: "error_start/ThrottlingException error_start/InternalFailure error_start/ServiceUnavailable " +
			"error_start/KmsThrottlingException error_start/connection_dropped_always"},
	{
		reason: repeats,
		want:   "FAILED FAILURE AccessDeniedException none false Start",
		cases:  "error_start/AccessDeniedException error_start/no_message",
	},
	{
		reason: repeats,
		want:   "FAILED FAILURE ExpiredTokenException none false Start",
		cases:  "error_start/ExpiredTokenException",
	},
	{
		reason: repeats,
		want:   "FAILED FAILURE UnrecognizedClientException none false Start",
		cases:  "error_start/UnrecognizedClientException",
	},
	{
		reason: repeats,
		want:   "FAILED FAILURE ValidationException none false Start",
		cases:  "error_start/ValidationException",
	},
	{
		reason: repeats,
		want:   "FAILED FAILURE ExecutionLimitExceeded none false Start",
		cases:  "error_start/ExecutionLimitExceeded",
	},
	{
		reason: repeats,
		want:   "FAILED FAILURE StateMachineDoesNotExist none false Start",
		cases:  "error_start/StateMachineDoesNotExist",
	},
	{
		reason: repeats,
		want:   "FAILED FAILURE StateMachineDeleting none false Start",
		cases:  "error_start/StateMachineDeleting",
	},
	{reason: repeats, want: "FAILED FAILURE InvalidArn none false Start", cases: "error_start/InvalidArn"},
	{reason: repeats, want: "FAILED FAILURE InvalidName none false Start", cases: "error_start/InvalidName"},
	{
		reason: repeats,
		want:   "FAILED FAILURE InvalidExecutionInput none false Start",
		cases:  "error_start/InvalidExecutionInput",
	},
	{
		reason: repeats,
		want:   "FAILED FAILURE AccessDeniedException UNKNOWN false Describe",
		cases:  "error_describe/AccessDeniedException",
	},
	{
		reason: repeats,
		want:   "FAILED FAILURE ExpiredTokenException UNKNOWN false Describe",
		cases:  "error_describe/ExpiredTokenException",
	},
	{
		reason: repeats,
		want:   "FAILED FAILURE UnrecognizedClientException UNKNOWN false Describe",
		cases:  "error_describe/UnrecognizedClientException",
	},
	{
		reason: repeats,
		want:   "FAILED FAILURE ValidationException UNKNOWN false Describe",
		cases:  "error_describe/ValidationException",
	},
	{reason: repeats, want: "FAILED FAILURE InvalidArn UNKNOWN false Describe", cases: "error_describe/InvalidArn"},
	{
		reason: repeats,
		want:   "FAILED FAILURE KmsAccessDeniedException UNKNOWN false Describe",
		cases:  "error_describe/KmsAccessDeniedException",
	},

	// Quirks and bugs.
	{
		reason: "L7, L8: an event without readable parameters is refused",
		want:   "FAILED FAILURE InvalidEvent none false -",
		cases: "start/nan_in_event shape/lowercase_details shape/execution_id_at_root_starts_again " +
			"shape/parameters_at_root_starts_again shape/parameters_list shape/parameters_string " +
			"shape/parameters_number shape/parameters_false shape/details_number " +
			"shape/details_string_without_word shape/details_string_with_word shape/details_list " +
			"shape/details_list_with_word shape/event_null shape/event_number shape/event_true " +
			"shape/event_empty_list_starts shape/event_list_starts shape/event_list_with_word " +
			"shape/event_empty_string_starts shape/event_string_starts shape/event_string_with_word count/float_NaN",
	},
	{
		reason: "L8: null counts as absent",
		want:   "CREATED - none RUNNING false Start",
		cases:  "shape/parameters_null shape/details_null",
	},
	{reason: "L8: null and empty numbers count as absent", want: "RUNNING - none RUNNING false Describe",
		cases: "count_max/empty count_max/null count_comfort/empty count_comfort/null"},
	{
		reason: "L11: DONE begins a new round",
		want:   "RUNNING - none RUNNING false Describe",
		cases:  "count/DONE flow/check_after_done",
	},
	{
		reason: "L19: a missing status counts as running",
		want:   "RUNNING - none RUNNING false Describe",
		cases:  "status/missing status/null",
	},
	{reason: "a number that only Python takes is refused", want: "LOOP_DONE FAILURE InvalidNumber none false -",
		cases: "count/underscore count/fullwidth_digit count/arabic_indic count/neg_huge count/true count/false " +
			"count/empty_list count/empty_dict count_max/true count_max/underscore count_max/fullwidth " +
			"count_max/huge count_max/int64_overflow_count count_comfort/true"},
	{
		reason: "L8: an unreadable number gets a reply, not an error",
		want:   "LOOP_DONE FAILURE InvalidNumber none false -",
		cases:  "count/list count/dict count/float_1e400 count_max/list",
	},
	{
		reason: "L3: giving up looks once more",
		want:   "FINISHED SUCCESS none SUCCEEDED false Describe",
		cases:  "count_max/exceeded_though_succeeded_unseen",
	},
	{
		reason: "L7: an unusable execution_id gets a reply and makes no request",
		want:   "FAILED FAILURE InvalidExecutionId none false -",
		cases: "execution_id/empty_string execution_id/null execution_id/number execution_id/list " +
			"execution_id/false flow/check_after_failed_trigger_empty_id",
	},
	{
		reason: "L6: only its own executions",
		want:   "FAILED FAILURE NotOwnExecution none false -",
		cases:  "execution_id/other_state_machine_is_read",
	},
	{
		reason: "L7: execution_id in other letters does not start",
		want:   "FAILED FAILURE InvalidParameter none false -",
		cases:  "execution_id/uppercase_key_starts_again",
	},
	{reason: "L9: not configured is a failure", want: "FAILED FAILURE NotConfigured none false -",
		cases: "execution_id/empty_and_no_state_machine env/space_is_used env/unset_comfort_true env/unset_event_list"},
	{reason: "L1: the protocol's keys win", want: "FINISHED SUCCESS none SUCCEEDED false Describe",
		cases: "output/clobber_status output/clobber_count output/clobber_count_number " +
			"output/clobber_execution_id output/clobber_sfn_result_empty output/clobber_sfn_result_failure " +
			"output/clobber_sfn_result_null output/clobber_count_max output/clobber_count_comfort output/clobber_all"},
	{reason: "L2: a result that is not an object is sfn_output", want: "FINISHED SUCCESS none SUCCEEDED false Describe",
		cases: "output/array_numbers output/array_strings_len1 output/array_strings_len2 output/array_pairs " +
			"output/array_pair_int_key output/array_pair_list_key output/array_pair_null_key " +
			"output/array_partial_update_then_error output/array_objects_1key output/array_objects_2keys " +
			"output/array_objects_3keys output/array_nulls output/string output/string_of_json output/number_int " +
			"output/number_float output/null output/true output/false output/empty output/whitespace " +
			"output/invalid_json output/single_quotes output/trailing_text output/plain_text output/bom " +
			"output/control_char_in_string output/nan output/infinity output/key_missing output/key_null"},
	{reason: "numbers and text stay as the service wrote them", want: "FINISHED SUCCESS none SUCCEEDED false Describe",
		cases: "output/float_overflow output/lone_surrogate output/int_5000_digits"},
	{
		reason: "L13: what Connect cannot take is said",
		want:   "FINISHED FAILURE ResultNotDeliverable SUCCEEDED false Describe",
		cases:  "output/deep_100000_array output/large_33KB output/large_250KB",
	},
	{reason: "L5: an unreadable answer is a passing fault", want: "RUNNING - none UNKNOWN true Describe",
		cases: "output/object_instead_of_string error_describe/200_not_json error_describe/200_empty_object"},
	{reason: "L5: an unreadable answer is a passing fault", want: "FAILED FAILURE StartFailed UNKNOWN true Start",
		cases: "error_start/200_not_json error_start/200_empty_body error_start/200_empty_object"},
	{
		reason: "L5: a clear reply instead of an error",
		want:   "FAILED FAILURE HTTP400 none false Start",
		cases:  "error_start/400_not_json",
	},
	{
		reason: "L5: a clear reply instead of an error",
		want:   "FAILED FAILURE HTTP413 none false Start",
		cases:  "error_start/413_html",
	},
}

// keptBugs are the bug cases in which the reply and the requests are the original's, with the reason why that is right.
var keptBugs = map[string]string{
	"status/FAILED_error_and_cause_lost":               "L10: error and cause come as additions",
	"output/clobber_comfort":                           "L1: the same value",
	"output/lambda_error_payload":                      "a function that returns its error has succeeded",
	"output/array_empty":                               "L2: comes as sfn_output as well",
	"output/string_empty":                              "L2: comes as sfn_output as well",
	"error_start/connection_dropped_once_starts_twice": "L4: both requests have one name, so they start once",
	"flow/check_after_failed_trigger_absent_id_starts": "L4: all of them have one name, so they start once",
}

// additions are the values of our additions in cases where they matter.
var wantAdditions = map[string]map[string]string{
	"status/FAILED_error_and_cause_lost": {
		"sfn_error": "Lambda.Unknown",
		"sfn_cause": "The cause could not be determined",
	},
	"output/clobber_status":       {"sfn_output": `{"status":"ok"}`},
	"output/clobber_comfort":      {"sfn_output": `{"comfort":"true"}`},
	"output/clobber_count_number": {"sfn_output": `{"count":7}`},
	"output/array_pairs":          {"sfn_output": `[["status","HACKED"],["x",1]]`},
	"output/array_empty":          {"sfn_output": `[]`},
	"output/string_empty":         {"sfn_output": `""`},
	"output/string":               {"sfn_output": `"hello"`},
	"output/number_int":           {"sfn_output": `5`},
	"output/null":                 {"sfn_output": `null`},
	"output/false":                {"sfn_output": `false`},
	"output/plain_text":           {"sfn_output": `"OK"`},
	"output/nan":                  {"sfn_output": `"{\"a\":NaN}"`},
	"output/empty":                {"sfn_output": None},
	"output/key_missing":          {"sfn_output": None},
	"output/flat_strings":         {"sfn_output": None},
}

// deviationOf finds the deviation of each case that has one.
func deviationsByCase(t *testing.T) map[string]deviation {
	t.Helper()
	found := map[string]deviation{}
	for _, d := range deviations {
		for name := range strings.FieldsSeq(d.cases) {
			if _, twice := found[name]; twice {
				t.Fatalf("%s is listed twice", name)
			}
			found[name] = d
		}
	}
	return found
}

// summary is what a deviation's want describes.
func summary(reply map[string]json.RawMessage, calls []recordedCall) string {
	words := make([]string, 0, 6)
	for _, key := range []string{"status", "sfn_result", "sfn_error", "sfn_status", "sfn_degraded"} {
		words = append(words, textOf(reply[key]))
	}
	words = append(words, ops(calls))
	for i := range words {
		if words[i] == "" {
			words[i] = noRequest
		}
	}
	return strings.Join(words, " ")
}

// TestOriginalCases plays all recorded cases. Each either is as recorded or differs in the listed way; a listed
// difference that is none any more fails, too.
func TestOriginalCases(t *testing.T) {
	listed := deviationsByCase(t)
	seen := 0
	for _, c := range originalCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			reply, calls := c.play(t)
			checkManners(t, reply)
			checkAdditions(t, c.Name, reply)
			d, deviates := listed[c.Name]
			difference := c.difference(reply, calls)
			switch {
			case !deviates && difference != "":
				t.Error(difference)
			case !deviates && c.Tag == "bug" && keptBugs[c.Name] == "":
				t.Error("a bug of the original is kept without a reason")
			case deviates && difference == "":
				t.Error("is listed as deviating, and does not")
			case deviates && summary(reply, calls) != d.want:
				t.Errorf("got  %s\nwant %s (%s)", summary(reply, calls), d.want, d.reason)
			case deviates && c.Tag == "contract" && !allowedReasons[d.reason]:
				t.Errorf("a contract case may not differ because %s", d.reason)
			}
		})
		if _, ok := listed[c.Name]; ok {
			seen++
		}
	}
	if seen != len(listed) {
		t.Errorf("%d listed cases do not exist", len(listed)-seen)
	}
}

// checkManners checks what holds for every reply: all protocol keys, as strings; our additions as strings that are
// not empty.
func checkManners(t *testing.T, reply map[string]json.RawMessage) {
	t.Helper()
	for _, key := range []string{
		"execution_id", "status", "sfn_result", "comfort", "count", "count_max", "count_comfort",
	} {
		var text string
		if raw, ok := reply[key]; !ok || json.Unmarshal(raw, &text) != nil {
			t.Errorf("%s is %s, want a string", key, raw)
		}
	}
	for key, raw := range reply {
		var text string
		if strings.HasPrefix(key, "sfn_") && key != "sfn_result" && (json.Unmarshal(raw, &text) != nil || text == "") {
			t.Errorf("%s is %s, want a string that is not empty", key, raw)
		}
	}
}

func checkAdditions(t *testing.T, name string, reply map[string]json.RawMessage) {
	t.Helper()
	for key, want := range wantAdditions[name] {
		if got := textOf(reply[key]); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}

// TestOriginalStringMap checks every contract case whose result is a flat map of strings: with STRING_MAP validation
// Connect takes only a flat object of strings.
func TestOriginalStringMap(t *testing.T) {
	checked := 0
	for _, c := range originalCases(t) {
		if c.Tag != "contract" || !flatStrings(c.Expected.Return) {
			continue
		}
		checked++
		reply, _ := c.play(t)
		if !flatStrings(reply) {
			t.Errorf("%s: the reply is not a flat map of strings: %s", c.Name, fmt.Sprint(reply))
		}
	}
	if checked < 50 {
		t.Errorf("only %d cases checked", checked)
	}
}

func flatStrings(object map[string]json.RawMessage) bool {
	for _, raw := range object {
		var text *string
		if json.Unmarshal(raw, &text) != nil || text == nil {
			return false
		}
	}
	return object != nil
}
