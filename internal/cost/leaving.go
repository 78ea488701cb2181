package cost

import (
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
)

// What a job costs that minds when its caller hangs up, by the writes, reads and messages that package async makes.
const (
	listWrites   = 1 + 2 + 1 // a transaction writes twice: the record, and the contact with its index
	tellWrites   = 1         // that the result was told, or what else became of it
	closeWrites  = 2         // the contact is removed, and from its index
	lookMessages = 3         // a message is sent, received and deleted
	lookReads    = 2         // the contact, and its execution

	// idleReceives is how often a month Lambda asks an empty queue: five pollers, three times a minute each (Lambda
	// developer guide, "Using Lambda with Amazon SQS").
	idleReceives = 5 * 3 * int(month/time.Minute)
	month        = 30 * 24 * time.Hour
)

// Leaving is what a month costs on top where jobs mind when their caller hangs up: every contact of the instance that
// is disconnected is looked at, and the contact of every execution that ends.
func Leaving(l Load, contacts float64, p awsfacts.Prices) float64 {
	look := lookMessages*p.SQSRequest + p.LambdaRequest + checkSeconds*float64(l.MemoryMB)/1024*p.LambdaGBSecond
	request := (listWrites+tellWrites+closeWrites)*p.DynamoDBWrite + look + lookReads*p.DynamoDBRead
	idle := float64(month/async.SweepEvery)*look + float64(idleReceives)*p.SQSRequest
	return l.Requests*request + contacts*(look+p.DynamoDBRead) + idle
}
