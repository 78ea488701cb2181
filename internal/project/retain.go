package project

import (
	"fmt"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/source"
)

// retain reads how long the result of an execution is told after its end.
func retain(in *source.Reader) time.Duration {
	retain := in.Duration("retain", async.DefaultRetain)
	if retain < async.MinRetain || retain > async.MaxRetain {
		in.Report(source.CodeBadValue, in.Place("retain"), fmt.Sprintf("results cannot be told for %v", retain),
			fmt.Sprintf("Write a time span from %v to %v.", async.MinRetain, async.MaxRetain))
	}
	return retain
}
