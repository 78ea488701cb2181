// Package journal keeps a local account in a file, so that it survives the end of its process and a power cut.
//
// A File is a key-value store (bbolt) with a bucket for each space. Each commit is one transaction, on disk when Commit
// returns. Beside the data there is a checksum of all of it, which Open compares: a file that is damaged, or has a
// format that is not known, is refused and left as it is. What the values mean is known to local alone.
//
// It imports internal/local, whose Journal it implements. A File lives from Open to Close; one process at a time can
// have it open.
package journal
