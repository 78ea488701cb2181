// Package dynamodb is a set of DynamoDB tables in memory, with the operations on items and tables in the service's own
// JSON: reading and writing single items, batches and transactions, queries and scans with secondary indexes, and
// creating, describing, changing and deleting tables. In development and tests it replaces the results table and the
// tables that state machines use.
//
// What it answers follows the Amazon DynamoDB API reference and developer guide; the texts of errors are the
// service's. A table can be used as soon as it is created, and indexes show what was written at once. It does not check
// capacity or permissions, and never forgets an item because of its TTL. Streams, backups, PartiQL and global tables
// are left to DynamoDB itself.
//
// It imports nothing of this module. Tables may be used by any number of goroutines.
package dynamodb
