package awsfacts

import "time"

// What a new DynamoDB table on demand serves at once, read on 2026-11-22 in AWS's knowledge center ("on-demand table
// throttling"). Later it serves twice its previous peak; a peak counts after DynamoDBGrowth.
const (
	DynamoDBWritesPerSecond = 4_000  // of up to 1 KB
	DynamoDBReadsPerSecond  = 12_000 // of up to 4 KB, strongly consistent
	DynamoDBGrowth          = 30 * time.Minute
)
