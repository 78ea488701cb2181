package replay

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// mostBytes bounds what is unpacked of one file.
const mostBytes = 1 << 30

// mostNested is how deep an entry can be in the answers of AWS's tools: results, rows, fields, a text.
const mostNested = 8

// Parse reads a log in any of the forms in which CloudWatch's log events come: entries in lines or over several, with
// or without something before and after them (the AWS CLI as text, exports to Amazon S3, those also compressed, a table
// copied from the console), the answers of filter-log-events, get-log-events and get-query-results, several of them
// too, and the CSV and JSON files of the console.
func Parse(text []byte) (Log, error) { return ParseContact(text, "") }

// ParseContact is Parse for the contacts whose id begins with a text. Of others it keeps nothing but what Contacts says
// of them: the log of a day may have a gigabyte of them.
func ParseContact(text []byte, id string) (Log, error) {
	text, err := unpack(text)
	if err != nil {
		return Log{}, err
	}
	p := parser{contact: id}
	trimmed := bytes.TrimSpace(text)
	separator, isTable := separatorOf(text, "message")
	_, isOfFields := separatorOf(text, moduleTypeField)
	switch {
	case json.Valid(trimmed):
		p.value(trimmed, 0)
	case isTable:
		p.table(text, separator)
	case isOfFields:
		p.skip(errFields)
	default:
		p.lines(text)
	}
	p.log.sortEntries()
	return p.log, nil
}

// unpack decompresses what gzip has compressed, and drops the mark at the beginning of a UTF-8 text.
func unpack(text []byte) ([]byte, error) {
	if bytes.HasPrefix(text, []byte{0x1f, 0x8b}) {
		in, err := gzip.NewReader(bytes.NewReader(text))
		if err == nil {
			text, err = io.ReadAll(io.LimitReader(in, mostBytes+1))
		}
		if err != nil {
			return nil, fmt.Errorf("the log is compressed by gzip and cannot be unpacked: %w", err)
		}
		if len(text) > mostBytes {
			return nil, errors.New("the log has more than 1 GB: export the hours of the call only")
		}
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), nil
}

// parser collects entries.
type parser struct {
	contact string // how its id begins
	log     Log
	line    int // 0 in a JSON document
}

func (p *parser) skip(err error) {
	p.log.Skipped = append(p.log.Skipped, Skipped{Line: p.line, Why: err.Error()})
}

// value takes a JSON value: an entry, or what AWS's tools wrap entries in. It reports whether there was one.
func (p *parser) value(raw json.RawMessage, depth int) bool {
	raw = bytes.TrimSpace(raw)
	if depth > mostNested || len(raw) == 0 {
		return false
	}
	switch raw[0] {
	case '{':
		return p.object(raw, depth)
	case '[':
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			return false
		}
		found := false
		for _, item := range items {
			found = p.value(item, depth+1) || found
		}
		return found
	case '"':
		return p.text(plainText(raw), depth)
	}
	return false
}

// text takes the message of a log event. A message of something else than a flow is passed over.
func (p *parser) text(message string, depth int) bool {
	found, _ := p.values([]byte(message), len(message), depth)
	return found
}

// moduleTypeField is the member that every entry has.
const moduleTypeField = "ContactFlowModuleType"

// mostTries is how many brackets in a row may begin no value of JSON: what comes before an entry has few.
const mostTries = 32

// values takes the values of JSON that begin in the first bytes of a text, whatever is between them. It reports whether
// there was an entry, and where the last value ends.
func (p *parser) values(text []byte, first, depth int) (found bool, end int) {
	for tries := 0; end < first && tries < mostTries; {
		at := bytes.IndexByte(text[end:first], '{')
		if at < 0 {
			break
		}
		end += at
		var raw json.RawMessage
		decoder := json.NewDecoder(bytes.NewReader(text[end:]))
		if decoder.Decode(&raw) != nil {
			end++
			tries++
			continue
		}
		end += int(decoder.InputOffset())
		tries = 0
		found = p.value(raw, depth+1) || found
	}
	return found, end
}

// members are the keys under which AWS's tools have log events: their lists, and the message of each.
var members = []string{"events", "logEvents", "results", "message", "@message", "value"}

func (p *parser) object(raw json.RawMessage, depth int) bool {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return false
	}
	if _, isEntry := object[moduleTypeField]; isEntry {
		e, err := readEntry(raw)
		if err != nil {
			p.skip(err)
			return true
		}
		if !strings.HasPrefix(e.ContactID, p.contact) {
			e = Entry{ContactID: e.ContactID, FlowID: e.FlowID, FlowName: e.FlowName, Time: e.Time}
		}
		p.log.Entries = append(p.log.Entries, e)
		return true
	}
	switch field := plainText(object["field"]); field {
	case "", "@message":
	case moduleTypeField:
		p.skip(errFields)
		return true
	default:
		return false // another column of a query's row
	}
	found := false
	for _, key := range members {
		found = p.value(object[key], depth+1) || found
	}
	return found
}

// columnOf is the column of that name, -1 when the first row of a CSV file names none.
func columnOf(header []string, name string) int {
	return slices.IndexFunc(header, func(column string) bool {
		return strings.EqualFold(strings.TrimPrefix(strings.TrimSpace(column), "@"), name)
	})
}

// separatorOf is what separates the columns of a CSV file that has one of that name: Excel saves the console's with
// other signs than commas in some countries.
func separatorOf(text []byte, column string) (separator rune, ok bool) {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	for _, separator := range ",;\t" {
		in := csv.NewReader(bytes.NewReader(first))
		in.Comma = separator
		if header, err := in.Read(); err == nil && columnOf(header, column) >= 0 {
			return separator, true
		}
	}
	return 0, false
}

// table takes a CSV file of the console.
func (p *parser) table(text []byte, separator rune) {
	in := csv.NewReader(bytes.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes = separator, -1, true
	column := -1
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		p.line, _ = in.FieldPos(0)
		switch {
		case err != nil:
			p.skip(err)
			return
		case column < 0:
			column = columnOf(row, "message")
		case column >= len(row) || !p.text(row[column], 0):
			p.skip(errNoEntry)
		}
	}
}

// lines takes a log with one entry per line, with several in a line, or with entries that go over several lines.
func (p *parser) lines(text []byte) {
	for len(text) > 0 {
		p.line++
		first := len(text)
		if at := bytes.IndexByte(text, '\n'); at >= 0 {
			first = at + 1
		}
		found, end := p.values(text, first, 0)
		if !found && len(bytes.Trim(text[:first], " \t\r\n,]")) > 0 {
			p.skip(errNoEntry)
		}
		if end > first { // at the rest of the line in which the last value ends
			p.line += bytes.Count(text[:end], []byte("\n")) - 1
			first = end
		}
		text = text[first:]
	}
}
