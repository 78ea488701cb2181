package load

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
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
	text, err := io.ReadAll(io.LimitReader(r, maxTimes))
	if err != nil {
		return Distribution{}, err
	}
	if strings.HasPrefix(strings.TrimSpace(string(text)), "{") {
		times, err := readMetrics(string(text))
		if err != nil {
			return Distribution{}, fmt.Errorf("%s%w", name, err)
		}
		return mixed(name, times), nil
	}
	first, _, _ := strings.Cut(string(text), "\n")
	read := readLines
	switch {
	case strings.Contains(first, durationColumn):
		read = readInsights
	case report.Match(text) || strings.Contains(string(text), "REPORT RequestId:"):
		read = readReports
	}
	times, err := read(string(text))
	switch {
	case err != nil:
		return Distribution{}, fmt.Errorf("%s:%w", name, err)
	case len(times) == 0:
		return Distribution{}, fmt.Errorf("%s has no times: write one in each line, such as 12.5s", name)
	}
	return measured(name, times), nil
}

// maxTimes is how much of a file with times is read, in bytes.
const maxTimes = 64 << 20

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
	lines.Buffer(nil, maxTimes)
	for lines.Scan() {
		if m := report.FindStringSubmatch(lines.Text()); m != nil {
			if d, ok := milliseconds(m[1]); ok {
				times = append(times, d)
			}
		}
	}
	return times, lines.Err()
}

// readInsights reads the result of a query. Rows without a duration are those of other log lines.
func readInsights(text string) (times []time.Duration, err error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf(" %w", err)
	}
	column := slices.Index(rows[0], durationColumn)
	if column < 0 {
		return nil, fmt.Errorf("1: there is no column %s", durationColumn)
	}
	for _, row := range rows[1:] {
		if d, ok := milliseconds(row[column]); ok {
			times = append(times, d)
		}
	}
	return times, nil
}

func milliseconds(text string) (time.Duration, bool) {
	n, err := strconv.ParseFloat(text, 64)
	d := time.Duration(n * float64(time.Millisecond))
	return d, err == nil && n >= 0 && n <= float64(longest.Milliseconds())
}
