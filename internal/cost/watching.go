package cost

import "github.com/connect-async/connect-async/internal/awsfacts"

// Watching is what a month of being watched costs at most, whatever the load: alarms, metrics of our own, and a
// dashboard where there are alarms. A metric costs only in the hours in which it has values.
func Watching(alarms, metrics int) float64 {
	dollars := float64(alarms)*awsfacts.Alarm + float64(metrics)*awsfacts.CustomMetric
	if alarms > 0 {
		dollars += awsfacts.Dashboard
	}
	return dollars
}
