// Package dynamodb is a set of DynamoDB tables in memory: GetItem, PutItem, UpdateItem and DeleteItem in the
// service's own JSON, with condition, update and projection expressions. In development and tests it replaces the
// results table and the tables that state machines write to.
//
// What it answers follows the Amazon DynamoDB API reference and developer guide; the texts of errors are the
// service's. It does not check capacity or permissions, has no indexes, and never forgets an item because of its TTL.
//
// It imports nothing of this module. Tables may be used by any number of goroutines.
package dynamodb
