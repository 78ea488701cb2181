package async

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// A question is what a flow asks in a round of calls: job, contact, request and again. It has one execution at a time,
// whoever repeats the question. When one execution no longer answers it, a further one is started: the next generation.
//
// Which generation is the newest follows from names alone, never from a time: the name of an execution hashes the
// question and the number of the generation, so that two invocations that decide alike start the same execution. With
// a results table the number of the newest is in the record of the first generation; without a record the generations
// are tried in order.
//
// A question that carries again has one generation only. again is a token of the execution that the flow has heard the
// end of, which makes a repeat of a question a question of its own: a flow that sends back sfn_again asks again exactly
// when it means to. Without again, time decides (Job.Reuse): for a while every end is the answer to repeats.

// The numbers of generations: without a table each of them costs two requests at a start.
const (
	maxGenerations   = 20
	maxWithoutRecord = 5
)

// againLength is that of sfn_again, in hexadecimal digits; dataLength that of what a record keeps of the data.
const (
	againLength = 16
	dataLength  = 32
)

// take turns to a generation of the question.
func (f *Function) take(in *invocation, generation int) {
	in.generation = generation
	in.execution = f.executionName(in, generation)
	in.executionID = in.job.executionPrefix() + in.execution
}

// generations is how many a question can have.
func (f *Function) generations() int {
	if f.results == nil {
		return maxWithoutRecord
	}
	return maxGenerations
}

// isRepeatable reports whether a question may have a second generation.
func (in *invocation) isRepeatable() bool { return in.job.Reuse == ReuseRunning && in.again == "" }

// endedBefore reports whether an execution ended longer ago than a span of time. One of which nobody knows when it
// ended did not.
func (f *Function) endedBefore(e Execution, span time.Duration) bool {
	return ended(e) && !e.Stopped.IsZero() && f.clock.Now().Sub(e.Stopped) > span
}

// outdated reports whether an execution no longer answers its question, so that the next one may be started.
func (f *Function) outdated(in *invocation, e Execution) bool {
	return in.isRepeatable() && f.endedBefore(e, in.job.reuseFor())
}

// mayHaveSuccessor reports whether somebody may have found an execution outdated, and started the next one.
func (f *Function) mayHaveSuccessor(in *invocation, e Execution) bool {
	return in.generation > 0 && in.generation < f.generations() && in.isRepeatable() &&
		f.endedBefore(e, in.job.reuseFor()-clockSkew)
}

// newest looks at the generations that follow one that was looked at, as far as there are any. DescribeExecution may
// not show one that has just been started: until that can be told, nobody knows the status of the newest.
func (f *Function) newest(ctx context.Context, in *invocation, e Execution, err error,
	end time.Time) (Execution, error) {
	for err == nil && f.mayHaveSuccessor(in, e) {
		last := e
		f.take(in, in.generation+1)
		e, err = f.watchAgain(ctx, in, end)
		if code(err) == codeDoesNotExist && !passing(in, err) {
			f.take(in, in.generation-1)
			in.seen = last
			return last, nil
		}
	}
	return e, err
}

// token is the sfn_again of an execution that ended.
func (in *invocation) token() string { return hash(againLength, "again", in.executionID) }

// data are the parameters of the wrapped function.
func (f *Function) data(e event) object {
	data := object{}
	for name, value := range e.parameters {
		if !isParameter(name, f.config.PrefixedNames) || name == ParamJob && !f.config.namesJobs() {
			data[name] = value
		}
	}
	return data
}

// dataHash is what a record keeps of the data, to be compared only. It is keyed by what is the deployment's own.
func (f *Function) dataHash(e event) string {
	mac := hmac.New(sha256.New, []byte(f.config.Jobs[0].executionPrefix()+f.config.ResultsTable))
	_, _ = mac.Write([]byte(canonical(f.data(e))))
	return hex.EncodeToString(mac.Sum(nil))[:dataLength]
}

// comparesData reports whether two invocations may mean the same question with other data. The data itself is a part
// of a question without request. A check or a cancel may leave the data out, or name the execution.
func (f *Function) comparesData(in *invocation) bool {
	if f.results == nil || in.request == "" {
		return false
	}
	starts := in.action == ActionStart || in.action == ActionRun
	return starts || !in.named && len(f.data(in.event)) > 0
}

// noteData notes in the record of an execution that was started with the data of this invocation what the data is.
func (f *Function) noteData(ctx context.Context, in *invocation, end time.Time) {
	if !f.comparesData(in) {
		return
	}
	record := Record{Execution: in.execution, Data: f.dataHash(in.event)}
	err := f.attempt(ctx, in, end, lookLimit, func(ctx context.Context) error {
		return f.results.NoteData(ctx, record)
	})
	if err != nil {
		in.degraded = true // the execution's input tells it
	}
}

// isOfOtherData reports whether an execution was started with other data than this invocation's. Where its record does
// not say, its input does, which is asked for until end.
func (f *Function) isOfOtherData(ctx context.Context, in *invocation, e Execution, end time.Time) (bool, error) {
	if !f.comparesData(in) {
		return false, nil
	}
	if in.record.Data != "" {
		return in.record.Data != f.dataHash(in.event), nil
	}
	if e.Input == "" {
		in.operation = "states:DescribeExecution"
		helps := func(err error) bool { return passing(in, err) }
		err := f.persist(ctx, in, end, helps, func(ctx context.Context) (err error) {
			e, err = f.executions.Describe(ctx, in.executionID)
			return err
		})
		if err != nil {
			return false, err
		}
	}
	input, misread := readEvent([]byte(e.Input))
	return misread == nil && f.dataHash(input) != f.dataHash(in.event), nil
}

// foundOtherData reports the same of an execution that a look found. Of one that runs only its record is asked.
func (f *Function) foundOtherData(ctx context.Context, in *invocation, e Execution, err error,
	end time.Time) (bool, error) {
	if err != nil || !ended(e) && in.record.Data == "" {
		return false, err
	}
	return f.isOfOtherData(ctx, in, e, f.sharedWith(end))
}

func conflict() *refusal {
	return refuse(RequestConflict, "This request was used in this contact for other data. Send another request, or "+
		"none: then the data makes the difference.")
}

func (f *Function) tooManyRepeats() *refusal {
	return refuse(TooManyRepeats, "This question has been started "+strconv.Itoa(f.generations())+
		" times in this contact, and no more are possible. Send another request, or sfn_again as the parameter again.")
}
