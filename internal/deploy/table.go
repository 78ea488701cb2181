package deploy

import "github.com/connect-async/connect-async/internal/async"

// resultsTable is the table's name in AWS.
const resultsTable = base + "-results"

// table is the results table: on demand, found by the execution's name, forgotten by TTL. docs/contract.md has its
// attributes.
type table struct{ stack *Stack }

func (t table) cloudFormation() resource {
	attributes := list{properties("AttributeName", async.ItemExecution, "AttributeType", "S")}
	if t.stack.mindsLeavers() {
		attributes = append(attributes, properties("AttributeName", async.ItemContact, "AttributeType", "S"))
	}
	p := properties(
		"TableName", textOf(resultsTable),
		"BillingMode", "PAY_PER_REQUEST",
		"AttributeDefinitions", attributes,
		"KeySchema", list{properties("AttributeName", async.ItemExecution, "KeyType", "HASH")},
		"TimeToLiveSpecification", properties("AttributeName", async.ItemExpires, "Enabled", true),
	)
	if t.stack.mindsLeavers() {
		p = p.with("GlobalSecondaryIndexes", list{properties(
			"IndexName", async.ContactsIndex,
			"KeySchema", list{properties("AttributeName", async.ItemContact, "KeyType", "HASH")},
			"Projection", properties("ProjectionType", "INCLUDE", "NonKeyAttributes", contactAttributes()),
		)})
	}
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
	attributes := blocks{properties("name", async.ItemExecution, "type", "S")}
	if t.stack.mindsLeavers() {
		attributes = append(attributes, properties("name", async.ItemContact, "type", "S"))
	}
	p := properties(
		"name", textOf(resultsTable),
		"billing_mode", "PAY_PER_REQUEST",
		"hash_key", async.ItemExecution,
		"attribute", attributes,
		"ttl", block(properties("attribute_name", async.ItemExpires, "enabled", true)),
	)
	if t.stack.mindsLeavers() {
		p = p.with("global_secondary_index", blocks{properties("name", async.ContactsIndex,
			"hash_key", async.ItemContact, "projection_type", "INCLUDE", "non_key_attributes", contactAttributes())})
	}
	if t.stack.settings.Encryption {
		p = p.with("server_side_encryption",
			block(properties("enabled", true, "kms_key_arn", textOf("${var.kms_key_arn}"))))
	}
	if t.stack.settings.ProtectTable {
		p = p.with("deletion_protection_enabled", truth(true))
	}
	return resource{key: "table.results", kind: "aws_dynamodb_table", properties: p}
}

// contactAttributes are what the index of contacts has of their items, for a sweep to filter.
func contactAttributes() list { return list{plain(async.ItemStarted), plain(async.ItemExpires)} }
