package arn

import "strings"

// The integration patterns of Step Functions beside request-response, as the resource of a task ends in them.
const (
	PatternSync  = "sync"
	PatternSync2 = "sync:2" // the output of the job as JSON, not as text
	PatternToken = "waitForTaskToken"
)

// CutPattern takes the integration pattern off the end of a task's resource; pattern is "" when it has none.
func CutPattern(resource string) (plain, pattern string) {
	for _, pattern := range []string{PatternSync, PatternSync2, PatternToken} {
		if plain, ok := strings.CutSuffix(resource, "."+pattern); ok {
			return plain, pattern
		}
	}
	return resource, ""
}
