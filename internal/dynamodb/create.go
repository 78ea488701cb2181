package dynamodb

import (
	"fmt"
	"maps"
	"slices"
)

type createRequest struct {
	definition
	TableName *string
}

func (t *Tables) createTable(r *createRequest) (any, error) {
	if r.TableName == nil {
		return nil, invalid("The parameter 'TableName' is required but was not present in the request")
	}
	d := r.definition
	d.TableName, d.TableID, d.TimeToLive = *r.TableName, t.options.NewID(), ""
	if err := d.check(); err != nil {
		return nil, err
	}
	if t.tables[d.TableName] != nil {
		return nil, &Error{Code: "ResourceInUseException", Message: "Table already exists: " + d.TableName}
	}
	if d.BillingMode == "" {
		d.BillingMode = provisioned
	}
	return response{"TableDescription": t.describe(t.add(d), "CREATING")}, nil
}

// tableRequest is a request about one table.
type tableRequest struct{ TableName *string }

// named finds the table of a request.
func (t *Tables) named(name *string) (*table, error) {
	var p problems
	p.tableName(name)
	if err := p.err(); err != nil {
		return nil, err
	}
	on, err := t.find(name)
	if err != nil {
		return nil, &Error{Code: errNoTable.Code, Message: "Requested resource not found: Table: " + tableNamed(name) +
			" not found"}
	}
	return on, nil
}

func (t *Tables) describeTable(r *tableRequest) (any, error) {
	on, err := t.named(r.TableName)
	if err != nil {
		return nil, err
	}
	return response{"Table": t.describe(on, active)}, nil
}

func (t *Tables) deleteTable(r *tableRequest) (any, error) {
	on, err := t.named(r.TableName)
	if err != nil {
		return nil, err
	}
	delete(t.tables, on.definition.TableName)
	on.rows.Scan(func(_ string, r *row) bool {
		t.tellItem(on, r.item, nil)
		return true
	})
	if t.watch != nil {
		t.watch(Change{Table: on.definition.TableName})
	}
	return response{"TableDescription": t.describe(on, "DELETING")}, nil
}

// active is the status of a table and of an index that can be used.
const active = "ACTIVE"

// describe is the description of a table in a status.
func (t *Tables) describe(on *table, status string) response {
	d := on.definition
	described := response{
		"TableName":             d.TableName,
		"TableStatus":           status,
		"TableArn":              t.arn(d.TableName),
		"CreationDateTime":      d.Created,
		"AttributeDefinitions":  d.described(),
		"KeySchema":             d.KeySchema,
		"ItemCount":             on.rows.Len(),
		"TableSizeBytes":        on.bytes,
		"ProvisionedThroughput": d.ProvisionedThroughput.described(),
	}
	if d.TableID != "" {
		described["TableId"] = d.TableID
	}
	if d.BillingMode == onDemand {
		described["BillingModeSummary"] = response{
			"BillingMode": onDemand, "LastUpdateToPayPerRequestDateTime": d.Created,
		}
	}
	for _, x := range on.secondary {
		member := "LocalSecondaryIndexes"
		if x.global {
			member = "GlobalSecondaryIndexes"
		}
		list, _ := described[member].([]response)
		described[member] = append(list, t.describeIndex(d, x, status))
	}
	return described
}

// describeIndex is the description of an index of a table.
func (t *Tables) describeIndex(d definition, x *index, status string) response {
	all := d.indexes()
	of := all[slices.IndexFunc(all, func(of indexDefinition) bool { return of.IndexName == x.name })]
	bytes := 0
	x.rows.Scan(func(_ string, r *row) bool {
		bytes += sizeOf(x.shows(r.item))
		return true
	})
	described := response{
		"IndexName":      x.name,
		"IndexArn":       t.arn(d.TableName) + "/index/" + x.name,
		"KeySchema":      of.KeySchema,
		"Projection":     of.Projection,
		"ItemCount":      x.rows.Len(),
		"IndexSizeBytes": bytes,
	}
	if x.global {
		described["IndexStatus"] = status
		described["ProvisionedThroughput"] = of.ProvisionedThroughput.described()
	}
	return described
}

// described is the throughput in a description.
func (t *throughput) described() response {
	if t == nil {
		t = &throughput{}
	}
	return response{"ReadCapacityUnits": t.ReadCapacityUnits, "WriteCapacityUnits": t.WriteCapacityUnits,
		"NumberOfDecreasesToday": 0}
}

// described are the definitions of attributes in a description. A key without a type is called a text.
func (d definition) described() []attributeDefinition {
	described := slices.Clone(d.AttributeDefinitions)
	for _, e := range d.KeySchema {
		if d.typeOf(e.AttributeName) == "" {
			described = append(described, attributeDefinition{AttributeName: e.AttributeName, AttributeType: "S"})
		}
	}
	return described
}

// arn is the ARN of a table.
func (t *Tables) arn(name string) string {
	return fmt.Sprintf("arn:aws:dynamodb:%s:%s:table/%s", t.options.Region, t.options.AccountID, name)
}

// maxTables is how many names ListTables returns (API reference).
const maxTables = 100

type listTablesRequest struct {
	ExclusiveStartTableName string
	Limit                   *int
}

func (t *Tables) listTables(r *listTablesRequest) (any, error) {
	limit := maxTables
	if r.Limit != nil {
		limit = *r.Limit
	}
	var p problems
	p.atLeast("limit", limit, 1)
	p.atMost("limit", limit, maxTables)
	if r.ExclusiveStartTableName != "" {
		p.name("exclusiveStartTableName", r.ExclusiveStartTableName, minName)
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(t.tables)), func(name string) bool {
		return name <= r.ExclusiveStartTableName
	})
	answer := response{}
	if len(names) > limit {
		names = names[:limit]
		answer["LastEvaluatedTableName"] = names[limit-1]
	}
	if names == nil {
		names = []string{}
	}
	answer["TableNames"] = names
	return answer, nil
}

type timeToLiveRequest struct {
	TableName               *string
	TimeToLiveSpecification *timeToLive
}

type timeToLive struct {
	AttributeName string
	Enabled       bool
}

func (t *Tables) updateTimeToLive(r *timeToLiveRequest) (any, error) {
	var p problems
	p.tableName(r.TableName)
	switch {
	case r.TimeToLiveSpecification == nil:
		p.null("timeToLiveSpecification")
	case r.TimeToLiveSpecification.AttributeName == "":
		p.add("''", "timeToLiveSpecification.attributeName", "Member must have length greater than or equal to 1")
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	on, err := t.named(r.TableName)
	if err != nil {
		return nil, err
	}
	d, wanted := &on.definition, *r.TimeToLiveSpecification
	switch {
	case wanted.Enabled && d.TimeToLive != "":
		return nil, invalid("TimeToLive is already enabled")
	case !wanted.Enabled && d.TimeToLive == "":
		return nil, invalid("TimeToLive is already disabled")
	case wanted.Enabled:
		d.TimeToLive = wanted.AttributeName
	default:
		d.TimeToLive = ""
	}
	t.tellTable(*d)
	return response{"TimeToLiveSpecification": wanted}, nil
}

func (t *Tables) describeTimeToLive(r *tableRequest) (any, error) {
	on, err := t.named(r.TableName)
	if err != nil {
		return nil, err
	}
	described := response{"TimeToLiveStatus": "DISABLED"}
	if name := on.definition.TimeToLive; name != "" {
		described = response{"TimeToLiveStatus": "ENABLED", "AttributeName": name}
	}
	return response{"TimeToLiveDescription": described}, nil
}
