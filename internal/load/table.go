package load

import (
	"encoding/csv"
	"strings"
)

// table is a file of rows, as Excel, PowerShell or a program writes them: with commas, or in countries where a comma is
// in numbers with semicolons, or with tabs.
type table struct {
	rows      *csv.Reader
	separator rune
}

// newTable reads a text in UTF-8. A first line `sep=;`, as Excel takes it, and lines that begin with # are no rows.
func newTable(text string) table {
	first, rest, _ := strings.Cut(text, "\n")
	t := table{separator: ','}
	if separator, ok := strings.CutPrefix(strings.TrimRight(first, "\r"), "sep="); ok && len(separator) == 1 {
		t.separator, text = rune(separator[0]), "#\n"+rest // so that lines keep their numbers
	} else {
		t.separator = separatorOf(text)
	}
	t.rows = csv.NewReader(strings.NewReader(text))
	t.rows.Comma, t.rows.Comment, t.rows.FieldsPerRecord, t.rows.TrimLeadingSpace = t.separator, '#', -1, true
	return t
}

// separatorOf is what separates the cells of the first row: what comes first of what may.
func separatorOf(text string) rune {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		if at := strings.IndexAny(line, ",;\t"); at >= 0 {
			return rune(line[at])
		}
		break
	}
	return ','
}

// next is the next row in which anything is written, and its line. The error at the end is io.EOF.
func (t table) next() (row []string, line int, err error) {
	for {
		if row, err = t.rows.Read(); err != nil {
			return nil, 0, err
		}
		if strings.TrimSpace(strings.Join(row, "")) != "" {
			line, _ = t.rows.FieldPos(0)
			return row, line, nil
		}
	}
}

// number is a number of the table. Where commas do not separate cells, one may be in a number, and a dot before three
// digits may mean thousands there: that is not guessed.
func (t table) number(cell string) (float64, bool) {
	cell = strings.TrimSpace(cell)
	if t.separator != ',' {
		if _, digits, dotted := strings.Cut(cell, "."); dotted && len(digits) == len("000") {
			return 0, false
		}
		cell = strings.Replace(cell, ",", ".", 1)
	}
	return parseNumber(cell)
}
