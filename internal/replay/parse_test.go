package replay_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/replay"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/testrun"
)

// documented are entries as AWS's documentation and published logs have them, with invented values.
func documented(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/replay/call.log")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// forms are the files and answers in which entries come from CloudWatch.
func forms(t testing.TB, entries []string) map[string][]byte {
	t.Helper()
	var events, results []any
	var tailed, table, query, excel bytes.Buffer
	rows, fields, saved := csv.NewWriter(&table), csv.NewWriter(&query), csv.NewWriter(&excel)
	excel.WriteString("\ufeff")
	saved.Comma, saved.UseCRLF = ';', true
	_ = saved.Write([]string{"@timestamp", "@message"})
	_ = rows.Write([]string{"timestamp", "message"})
	_ = fields.Write([]string{"@timestamp", "@message"})
	for i, entry := range entries {
		millis := 1767323045000 + i
		events = append(events, map[string]any{"logStreamName": "s", "timestamp": millis, "message": entry,
			"ingestionTime": millis, "eventId": fmt.Sprint(i)})
		results = append(results, []any{map[string]any{"field": "@timestamp", "value": "2026-01-02 03:04:05.678"},
			map[string]any{"field": "@message", "value": entry}, map[string]any{"field": "@ptr", "value": "x"}})
		fmt.Fprintf(&tailed, "2026-01-02T03:04:05.678000+00:00 2026/01/02/03/stream-1 %s\n", entry)
		_ = rows.Write([]string{fmt.Sprint(millis), entry})
		_ = fields.Write([]string{"2026-01-02 03:04:05.678", entry})
		_ = saved.Write([]string{"02.01.2026 03:04", entry})
	}
	saved.Flush()
	rows.Flush()
	fields.Flush()
	lines := []byte(strings.Join(entries, "\n") + "\n")
	var packed bytes.Buffer
	for _, entry := range entries { // exports to Amazon S3: files of several members, a time before each entry
		w := gzip.NewWriter(&packed)
		fmt.Fprintf(w, "2026-01-02T03:04:05.678Z %s\n", entry)
		_ = w.Close()
	}
	marshal := func(v any) []byte {
		text, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	var indented, text, markdown bytes.Buffer
	for i, entry := range entries {
		_ = json.Indent(&indented, []byte(entry), "", "  ")
		indented.WriteString("\n")
		fmt.Fprintf(&text, "EVENTS\t%d\t1767323045000\tstream-1\t%s\t1767323045000\n", i, entry)
		fmt.Fprintf(&markdown, "| 2026-01-02 03:04:05.678 | %s |\n", entry)
	}
	half := len(entries) / 2
	page := func(events []any) []byte { return marshal(map[string]any{"events": events}) }
	return map[string][]byte{
		"query, saved by Excel":         excel.Bytes(),
		"indented by jq":                indented.Bytes(),
		"messages as text":              []byte(strings.Join(entries, "\t") + "\n"),
		"events as text":                text.Bytes(),
		"table of the console":          markdown.Bytes(),
		"several answers":               slices.Concat(page(events[:half]), []byte("\n"), page(events[half:])),
		"answers without a line break":  slices.Concat(page(events[:half]), page(events[half:])),
		"one entry per line":            lines,
		"lines of Windows, with a mark": []byte("\xef\xbb\xbf" + strings.ReplaceAll(string(lines), "\n", "\r\n")),
		"filter-log-events":             marshal(map[string]any{"events": events, "searchedLogStreams": []any{}}),
		"get-log-events":                marshal(map[string]any{"events": events, "nextForwardToken": "f/1"}),
		"events alone":                  marshal(events),
		"get-query-results":             marshal(map[string]any{"status": "Complete", "results": results}),
		"the console's JSON":            marshal(map[string]any{"results": jsonRows(entries)}),
		"the console's CSV":             table.Bytes(),
		"CSV of a query":                query.Bytes(),
		"tail":                          tailed.Bytes(),
		"export to S3":                  packed.Bytes(),
		"subscription":                  marshal(map[string]any{"messageType": "DATA_MESSAGE", "logEvents": events}),
	}
}

func jsonRows(entries []string) (rows []any) {
	for _, entry := range entries {
		var message any
		_ = json.Unmarshal([]byte(entry), &message)
		rows = append(rows, map[string]any{"@timestamp": "2026-01-02 03:04:05.678", "@message": message})
	}
	return rows
}

// TestParse reads the same entries from every form.
func TestParse(t *testing.T) {
	entries := documented(t)
	for name, text := range forms(t, entries) {
		log, err := replay.Parse(text)
		if err != nil || len(log.Skipped) > 0 || len(log.Entries) != len(entries) {
			t.Errorf("%s: %d entries, skipped %v, %v", name, len(log.Entries), log.Skipped, err)
			continue
		}
		for i, e := range log.Entries {
			var want, got any
			_ = json.Unmarshal([]byte(entries[i]), &want)
			_ = json.Unmarshal(e.Raw, &got)
			if fmt.Sprint(want) != fmt.Sprint(got) { // fields that are not known, too
				t.Errorf("%s: entry %d is %s, want %s", name, i, e.Raw, entries[i])
			}
		}
	}
}

// TestParseWhatIsNoLog says what is wrong with texts that hold no entries, or only some.
func TestParseWhatIsNoLog(t *testing.T) {
	const (
		noEntry    = "not an entry of a contact flow log: it has no ContactId and ContactFlowModuleType"
		noMessages = "a query has fields of the entries, but not @message: query fields @timestamp, @message"
		noTime     = "the entry has no Timestamp such as 2026-01-02T03:04:05.678Z"
	)
	for text, want := range map[string]string{
		"":                          "0 []",
		"hello":                     "0 [{1 " + noEntry + "}]",
		`{"events":[]}`:             "0 []",
		"[[[[[[[[[[[[1]]]]]]]]]]]]": "0 []",
		`{"ContactFlowModuleType":"Loop","Timestamp":"2026-01-02T03:04:05Z"}`:      "0 [{0 " + noEntry + "}]",
		`{"ContactId":"c","ContactFlowModuleType":"Loop","Timestamp":"yesterday"}`: "0 [{0 " + noTime + "}]",
		"@timestamp,ContactId,ContactFlowModuleType\n1,c,Loop\n":                   "0 [{0 " + noMessages + "}]",
		`{"results":[[{"field":"ContactId","value":"c"},{"field":"ContactFlowModuleType","value":"Loop"}]]}`: "0 [{0 " +
			noMessages + "}]",
		documented(t)[0] + "\nSTART RequestId: 1\n" + documented(t)[1]: "2 [{2 " + noEntry + "}]",
		"{\n \"events\": [\n" + documented(t)[0] + ",\n" + documented(t)[1][:90]: "1 [{1 " + noEntry +
			"} {2 " + noEntry + "} {4 " + noEntry + "}]",
	} {
		log, err := replay.Parse([]byte(text))
		if got := fmt.Sprint(len(log.Entries), " ", log.Skipped); err != nil || got != want {
			t.Errorf("%q: %s, %v\nwant %s", text, got, err, want)
		}
	}
	if _, err := replay.Parse([]byte("\x1f\x8b\x08rubbish")); err == nil {
		t.Error("a file that gzip cannot read is read")
	}
}

// spoil changes a log in one of the ways in which files are spoilt.
func spoil(random *rand.Rand, text []byte) []byte {
	text = bytes.Clone(text)
	for range 1 + random.IntN(4) {
		if len(text) < 2 {
			return text
		}
		at, other := random.IntN(len(text)), random.IntN(len(text))
		switch random.IntN(6) {
		case 0:
			text[at] = byte(random.IntN(256))
		case 1:
			text = text[:at]
		case 2:
			text = append(text[:at:at], text[min(other+at, len(text)):]...)
		case 3:
			text = append(text[:at:at], text[min(at, other):]...)
		case 4:
			lines := bytes.SplitAfter(text, []byte("\n"))
			i, j := random.IntN(len(lines)), random.IntN(len(lines))
			lines[i], lines[j] = lines[j], lines[i]
			text = bytes.Join(lines, nil)
		case 5:
			words := []string{"null", "[]", "{}", `""`, "-1", "1e999", `"$.Attributes.x"`, "999999999999"}
			text = append(text[:at:at], append([]byte(words[random.IntN(len(words))]), text[at:]...)...)
		}
	}
	return text
}

// TestSpoiltLogs reads, and lays over a flow, logs that were spoilt: nothing panics, and whatever is read is played.
func TestSpoiltLogs(t *testing.T) {
	var texts [][]byte
	for _, text := range forms(t, documented(t)) {
		texts = append(texts, text)
	}
	for i := range testrun.Soak(t, testrun.Count(t, 60, 5000)) {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		log, err := replay.Parse(spoil(random, texts[i%len(texts)]))
		if err != nil || len(log.Entries) == 0 {
			continue
		}
		contact := log.Of(log.Entries[0].ContactID)
		r, found, err := replay.Play(t.Context(), contact.Entries, replay.Options{
			Flows: []string{"../../docs/replay/flow.json"}, Scenario: scenario.Default()})
		if r == nil || err != nil {
			t.Fatalf("log %d: %v %v", i, found, err)
		}
		if err := r.Masked().WriteJSON(new(bytes.Buffer)); err != nil {
			t.Fatalf("log %d: %v", i, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range forms(f, documented(f)) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		log, err := replay.Parse(text)
		if err != nil {
			return
		}
		entries := 0
		for _, contact := range log.Contacts() {
			entries += contact.Entries
		}
		if entries != len(log.Entries) {
			t.Errorf("%d entries, of contacts %d", len(log.Entries), entries)
		}
	})
}

// TestParseContact keeps of other contacts what is listed of them, and says why a log has no entries.
func TestParseContact(t *testing.T) {
	const id = "bbbbbbbb"
	lines := documented(t)
	for i, line := range lines {
		lines = append(lines, strings.Replace(line, `"aaaaaaaa-`, `"`+id+`-`, 1))
		if i == 0 {
			lines[0] = strings.Replace(line, `"Timestamp":"2026-01-02T03`, `"Timestamp":"03`, 1)
		}
	}
	log, err := replay.ParseContact([]byte(strings.Join(lines, "\n")), id)
	if err != nil || len(log.Contacts()) != 2 || log.Contacts()[1].Entries != 10 {
		t.Errorf("%v %v", log.Contacts(), err)
	}
	for _, e := range log.Entries {
		if strings.HasPrefix(e.ContactID, id) == (e.Raw == nil) {
			t.Errorf("%s: %s", e.ContactID, e.Raw)
		}
	}
	if !strings.HasPrefix(log.Why(), "line 1: the entry has no Timestamp") {
		t.Errorf("%q", log.Why())
	}
}
