package deploy

import "github.com/connect-async/connect-async/internal/async"

// resultsTable is the table's name in AWS.
const resultsTable = base + "-results"

// table is the results table: on demand, found by the execution's name, forgotten by TTL. docs/contract.md has its
// attributes.
type table struct{ stack *Stack }

func (t table) cloudFormation() resource {
	p := properties(
		"TableName", textOf(resultsTable),
		"BillingMode", "PAY_PER_REQUEST",
		"AttributeDefinitions", list{properties("AttributeName", async.ItemExecution, "AttributeType", "S")},
		"KeySchema", list{properties("AttributeName", async.ItemExecution, "KeyType", "HASH")},
		"TimeToLiveSpecification", properties("AttributeName", async.ItemExpires, "Enabled", true),
	)
	if t.stack.settings.Encryption {
		p = p.with("SSESpecification", properties("SSEEnabled", true, "SSEType", "KMS", "KMSMasterKeyId",
			textOf("${var.kms_key_arn}")))
	}
	if t.stack.settings.ProtectTable {
		p = p.with("DeletionProtectionEnabled", truth(true))
	}
	return resource{key: "table.results", kind: "AWS::DynamoDB::Table", properties: p,
		retained: t.stack.settings.ProtectTable}
}

func (t table) terraform() resource {
	p := properties(
		"name", textOf(resultsTable),
		"billing_mode", "PAY_PER_REQUEST",
		"hash_key", async.ItemExecution,
		"attribute", blocks{properties("name", async.ItemExecution, "type", "S")},
		"ttl", block(properties("attribute_name", async.ItemExpires, "enabled", true)),
	)
	if t.stack.settings.Encryption {
		p = p.with("server_side_encryption",
			block(properties("enabled", true, "kms_key_arn", textOf("${var.kms_key_arn}"))))
	}
	if t.stack.settings.ProtectTable {
		p = p.with("deletion_protection_enabled", truth(true))
	}
	return resource{key: "table.results", kind: "aws_dynamodb_table", properties: p}
}
