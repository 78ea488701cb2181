// The function of the example: it looks up a balance in a slow system, which takes 12 seconds. It knows nothing of
// connect-async.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() { lambda.Start(lookUp) }

// lookUp returns the balance of the caller's account.
func lookUp(ctx context.Context, _ map[string]any) (map[string]string, error) {
	slow, cancel := context.WithTimeout(ctx, 12*time.Second) // the slow system
	defer cancel()
	<-slow.Done()
	return map[string]string{"balance": "42.10"}, ctx.Err()
}
