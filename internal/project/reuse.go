package project

import (
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/source"
)

// reuse reads whether a job may safely run twice, and what answers a question that was answered before. What may run
// twice is asked again after a while, and nothing else.
func (r *reader) reuse(in *source.Reader, j *Job, p *Project) {
	j.Repeatable = in.Bool("repeatable", p.stepsAreRepeatable(*j))
	usual := async.ReuseAlways
	if j.Repeatable {
		usual = async.ReuseRunning
	}
	j.Reuse = in.OneOf(async.MachineReuse, usual, async.ReuseAlways, async.ReuseRunning)
	seconds := func(d time.Duration) int { return int(d / time.Second) }
	j.ReuseFor = time.Second * time.Duration(in.Int(async.MachineReuseSeconds, seconds(async.DefaultReuse),
		seconds(async.MinReuse), seconds(async.MaxReuse)))
}

// stepsAreRepeatable reports whether a job is written from functions that may all run twice.
func (p *Project) stepsAreRepeatable(j Job) bool {
	for _, step := range j.Steps {
		if f, ok := p.Function(step); !ok || !f.Repeatable {
			return false
		}
	}
	return len(j.Steps) > 0
}
