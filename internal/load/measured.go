package load

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/source"
)

// report is the line that Lambda writes to a function's log at the end of an invocation.
var report = regexp.MustCompile(`^.*REPORT RequestId:.*?\sDuration: ([0-9.]+) ms`)

// durationColumn is the column of CloudWatch Logs Insights with how long an invocation took, in milliseconds.
const durationColumn = "@duration"

// ReadTimes reads times that were measured: one in each line, such as 12.5s or 12.5 (seconds); or lines of a function's
// log, of which those with REPORT count; or a CSV of CloudWatch Logs Insights with a column @duration; or the
// percentiles of the metric Duration, in the JSON that the AWS CLI prints for get-metric-statistics and
// get-metric-data.
func ReadTimes(name string, r io.Reader) (Distribution, error) {
	text, err := readText(name, r)
	if err != nil {
		return Distribution{}, err
	}
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		times, err := readMetrics(text)
		if err != nil {
			return Distribution{}, fmt.Errorf("%s%w", name, err)
		}
		return mixed(name, times), nil
	}
	first, _, _ := strings.Cut(text, "\n")
	read := readLines
	switch {
	case strings.Contains(first, durationColumn):
		read = readInsights
	case strings.Contains(text, "REPORT RequestId:"):
		read = readReports
	}
	times, err := read(text)
	switch {
	case err != nil:
		return Distribution{}, fmt.Errorf("%s:%w", name, err)
	case len(times) == 0:
		return Distribution{}, fmt.Errorf("%s has no times: write one in each line, such as 12.5s", name)
	}
	return measured(name, times), nil
}

// maxText is how large a file of times or of arrivals may be, in bytes.
const maxText = 64 << 20

// readText reads a file that somebody saved, in UTF-8 with or without a mark. Errors are source.Findings.
func readText(name string, r io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxText+1))
	switch {
	case err != nil:
		return "", source.Unreadable(name, err)
	case len(text) > maxText:
		return "", source.Unreadable(name, fmt.Errorf("it has more than %d MB", maxText>>20))
	}
	text, err = source.Unmarked(name, text)
	return string(text), err
}

func readLines(text string) (times []time.Duration, err error) {
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		d, ok := parseSpan(line)
		if n, isNumber := parseNumber(line); isNumber && n <= longest.Seconds() {
			d, ok = time.Duration(n*float64(time.Second)), true
		}
		if !ok {
			return nil, fmt.Errorf("%d: %q is not a time: write 12.5s, or 12.5 for seconds", i+1, line)
		}
		times = append(times, d)
	}
	return times, nil
}

func readReports(text string) (times []time.Duration, err error) {
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, maxText)
	for lines.Scan() {
		if m := report.FindStringSubmatch(lines.Text()); m != nil {
			n, _ := parseNumber(m[1]) // digits
			if d, ok := milliseconds(n); ok {
				times = append(times, d)
			}
		}
	}
	return times, lines.Err()
}

// readInsights reads the result of a query. Rows without a duration are those of other log lines.
func readInsights(text string) (times []time.Duration, err error) {
	rows := newTable(text)
	names, line, err := rows.next()
	column := slices.Index(names, durationColumn)
	if err == nil && column < 0 {
		return nil, fmt.Errorf("%d: there is no column %s", line, durationColumn)
	}
	for err == nil {
		var row []string
		if row, line, err = rows.next(); err != nil || column >= len(row) || row[column] == "" {
			continue
		}
		n, ok := rows.number(row[column])
		d, short := milliseconds(n)
		if !ok || !short {
			return nil, fmt.Errorf("%d: %q is not a time in milliseconds: write 12500.5", line, row[column])
		}
		times = append(times, d)
	}
	if !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf(" %w: export the result of the query as CSV once more", err)
	}
	return times, nil
}

func milliseconds(n float64) (time.Duration, bool) {
	return time.Duration(n * float64(time.Millisecond)), n >= 0 && n <= float64(longest.Milliseconds())
}
