package asl

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/value"
)

// readerConfig is the ReaderConfig of an ItemReader, as far as the items depend on it.
type readerConfig struct {
	inputType string   // "" for JSON
	headers   []string // CSVHeaders; nil when the first row has them
	delimiter string   // the name of CSVDelimiter
	pointer   string   // ItemsPointer
}

// itemsRead are the items of the data that an ItemReader has read.
type itemsRead struct {
	items   []any
	pointed bool // ItemsPointer said where they are
}

// delimiters are the values of CSVDelimiter (AWS developer guide, ItemReader).
var delimiters = map[string]rune{"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

// read makes items of the data that the reader of a Distributed Map has found, as they are in their source.
func (d *distributedMap) read(text string) (*itemsRead, error) {
	if d == nil || !d.reader {
		return nil, errors.New("the state has no ItemReader")
	}
	var items []any
	var err error
	switch d.config.inputType {
	case "CSV":
		items, err = d.config.csv(text)
	case "JSONL":
		items, err = jsonLines(text)
	case "PARQUET":
		err = errors.New("items in PARQUET are not read here; give them to a reader of JSON")
	default:
		items, err = d.config.json(text)
	}
	if err != nil {
		return nil, fmt.Errorf("the data of the ItemReader: %w", err)
	}
	return &itemsRead{items: items, pointed: d.config.pointer != ""}, nil
}

func (c readerConfig) json(text string) ([]any, error) {
	v, err := value.Decode([]byte(text))
	if err == nil && c.pointer != "" {
		v, err = pointed(v, c.pointer)
	}
	if err != nil {
		return nil, err
	}
	items, ok := v.([]any)
	if !ok {
		return nil, errors.New("they must be a JSON array")
	}
	return items, nil
}

// pointed follows a JSON pointer (RFC 6901).
func pointed(v any, pointer string) (any, error) {
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for _, step := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		step = unescape.Replace(step)
		found := false
		switch at := v.(type) {
		case *value.Object:
			v, found = at.Get(step)
		case []any:
			if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(at) {
				v, found = at[i], true
			}
		}
		if !found {
			return nil, fmt.Errorf("ItemsPointer %s leads nowhere", pointer)
		}
	}
	return v, nil
}

func jsonLines(text string) ([]any, error) {
	var items []any
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		item, err := value.Decode([]byte(line))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		items = append(items, item)
	}
	return items, nil
}

// csv reads rows, each of which is an object with the names of the columns.
func (c readerConfig) csv(text string) ([]any, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = delimiters[c.delimiter]
	if r.Comma == 0 {
		r.Comma = ','
	}
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	headers := c.headers
	if headers == nil && len(rows) > 0 {
		headers, rows = rows[0], rows[1:]
	}
	var items []any
	for _, row := range rows {
		members := make([]value.Member, len(headers))
		for i, header := range headers {
			members[i] = value.M(header, "")
			if i < len(row) {
				members[i].Value = row[i]
			}
		}
		items = append(items, value.NewObject(members...))
	}
	return items, nil
}
