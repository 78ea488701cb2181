// Package messaging is what state machines send to Amazon SQS, Amazon SNS and Amazon EventBridge: requests are checked
// as the services check them, and become messages that somebody can look into, with the service's response. Nothing is
// delivered. Every queue, topic and event bus is there.
//
// Checks, error codes and texts are those of the services' API references; where a comment says "recorded", they were
// seen in answers recorded from AWS. Messages are not deduplicated, and queues do not say what their policies allow.
//
// It imports nothing of this module. All of it is functions of their arguments; who calls them keeps the messages.
package messaging
