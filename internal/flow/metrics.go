package flow

import (
	"fmt"
	"maps"
	"strconv"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// defaultMetrics describe a quiet, staffed queue. Agents.…: numbers of agents; OldestContactAge: seconds.
var defaultMetrics = map[string]string{
	"Queue.Size": "0", "Queue.OldestContactAge": "0", "Queue.EstimatedWaitTime": "0",
	"Agents.Online.Count": "1", "Agents.Available.Count": "1", "Agents.Staffed.Count": "1",
	"Agents.AfterContactWork.Count": "0", "Agents.Busy.Count": "0", "Agents.Missed.Count": "0",
	"Agents.NonProductive.Count": "0",
	"Contact.EstimatedWaitTime":  "0", "Contact.PositionInQueue": "1",
}

func (c *Contact) metric(name string) string {
	if value, ok := c.state.Options.World.Metrics[name]; ok {
		return value
	}
	return defaultMetrics[name]
}

// runGetMetrics fills $.Metrics.
func runGetMetrics(c *Contact, f *frame, a *flowlang.Action) outcome {
	queue := c.destination(f, a)
	if queue == "" {
		queue = c.state.Queue
	}
	values := maps.Clone(defaultMetrics)
	maps.Copy(values, c.state.Options.World.Metrics)
	values["Queue.ARN"] = queue
	if values["Queue.Name"] == "" {
		values["Queue.Name"] = queue
	}
	c.scope(f).set("Metrics", values)
	size, available := values["Queue.Size"], values["Agents.Available.Count"]
	c.noteWorld(a, fmt.Sprintf("%s contacts in the queue, %s agents available", size, available))
	return success
}

// checkedMetrics maps MetricType to the name of a metric.
var checkedMetrics = map[string]string{
	"NumberOfAgentsAvailable": "Agents.Available.Count", "NumberOfAgentsStaffed": "Agents.Staffed.Count",
	"NumberOfAgentsOnline": "Agents.Online.Count", "NumberOfContactsInQueue": "Queue.Size",
	"OldestContactInQueueAgeSeconds": "Queue.OldestContactAge",
}

// runCheckMetric compares a metric with the conditions. The age of the oldest contact counts in milliseconds (export).
func runCheckMetric(c *Contact, f *frame, a *flowlang.Action) outcome {
	metric := checkedMetrics[a.Text("MetricType")]
	if metric == "" {
		return failure(flowlang.NoMatchingError, "MetricType is not known")
	}
	if c.destination(f, a) == "" && c.state.Queue == "" {
		return failure(flowlang.NoMatchingError, "no queue is set")
	}
	value := c.metric(metric)
	if age, ok := atoi(value); ok && metric == "Queue.OldestContactAge" {
		value = itoa(1000 * age)
	}
	c.noteWorld(a, metric+" = "+value)
	return result(value)
}

// runHours says whether it is within the hours of operation; by default it is.
func runHours(c *Contact, f *frame, a *flowlang.Action) outcome {
	if c.value(f, a, "HoursOfOperationId") == "" && c.state.Queue == "" {
		return failure(flowlang.NoMatchingError, "neither hours of operation nor a queue are set")
	}
	return c.byDefault(a, "True")
}

// runPercentage draws a number from 1 to 100; the conditions are NumberLessThan 1 + the cumulative percentage (export).
func runPercentage(c *Contact, f *frame, a *flowlang.Action) outcome {
	drawn := strconv.FormatUint(1+random(&c.state.Random)%100, 10)
	c.noteWorld(a, "drawn: "+drawn)
	return result(drawn)
}
