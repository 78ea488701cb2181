package dynamodb

import (
	"fmt"
	"slices"
	"strings"
)

// definition is what a table is made of: the request of CreateTable, and what has changed since.
type definition struct {
	TableName              string
	AttributeDefinitions   []attributeDefinition
	KeySchema              []keyElement
	GlobalSecondaryIndexes []indexDefinition `json:",omitempty"`
	LocalSecondaryIndexes  []indexDefinition `json:",omitempty"`
	BillingMode            string            `json:",omitempty"`
	ProvisionedThroughput  *throughput       `json:",omitempty"`
	Tags                   []tag             `json:",omitempty"`

	TableID    string  `json:"TableId,omitempty"`
	Created    float64 `json:",omitempty"` // seconds since 1970
	TimeToLive string  `json:",omitempty"` // the attribute, "" when it is not enabled
}

type attributeDefinition struct{ AttributeName, AttributeType string }

type keyElement struct{ AttributeName, KeyType string }

type indexDefinition struct {
	IndexName             string
	KeySchema             []keyElement
	Projection            projection
	ProvisionedThroughput *throughput `json:",omitempty"`
}

type projection struct {
	ProjectionType   string
	NonKeyAttributes []string `json:",omitempty"`
}

type throughput struct{ ReadCapacityUnits, WriteCapacityUnits int }

// The values of BillingMode.
const (
	provisioned = "PROVISIONED"
	onDemand    = "PAY_PER_REQUEST"
)

// declared is the definition of a table of which only the names of its key's attributes are known.
func declared(name string, keys []string) definition {
	d := definition{TableName: name, BillingMode: onDemand}
	for i, key := range keys {
		d.KeySchema = append(d.KeySchema, keyElement{AttributeName: key, KeyType: []string{"HASH", "RANGE"}[i]})
	}
	return d
}

// keys are the attributes of a key with their types.
func (d definition) keys(schema []keyElement) (keys []key) {
	for _, e := range schema {
		keys = append(keys, key{name: e.AttributeName, kind: d.typeOf(e.AttributeName)})
	}
	return keys
}

// typeOf is the type of an attribute, "" when it has no definition.
func (d definition) typeOf(name string) string {
	for _, a := range d.AttributeDefinitions {
		if a.AttributeName == name {
			return a.AttributeType
		}
	}
	return ""
}

// indexes are all secondary indexes.
func (d definition) indexes() []indexDefinition {
	return slices.Concat(d.GlobalSecondaryIndexes, d.LocalSecondaryIndexes)
}

// check refuses a definition as CreateTable does.
func (d definition) check() error {
	if err := d.checkModel(); err != nil {
		return err
	}
	if err := d.checkBilling(); err != nil {
		return err
	}
	if err := d.checkSchema(d.KeySchema); err != nil {
		return err
	}
	for _, x := range d.indexes() {
		if err := d.checkSchema(x.KeySchema); err != nil {
			return err
		}
	}
	if err := d.checkDefinitionsUsed(); err != nil {
		return err
	}
	return d.checkIndexes()
}

// checkModel refuses parameters that break the service's model.
func (d definition) checkModel() error {
	var p problems
	p.name("tableName", d.TableName, minName)
	if d.AttributeDefinitions == nil {
		p.null("attributeDefinitions")
	}
	for i, a := range d.AttributeDefinitions {
		p.enum(fmt.Sprintf("attributeDefinitions.%d.member.attributeType", i+1), a.AttributeType, "B", "N", "S")
	}
	p.enum("billingMode", d.BillingMode, provisioned, onDemand)
	p.schema("keySchema", d.KeySchema)
	p.indexes("globalSecondaryIndexes", d.GlobalSecondaryIndexes)
	p.indexes("localSecondaryIndexes", d.LocalSecondaryIndexes)
	return p.err()
}

// indexes reports what is wrong with indexes by themselves.
func (p *problems) indexes(member string, indexes []indexDefinition) {
	for i, x := range indexes {
		at := fmt.Sprintf("%s.%d.member.", member, i+1)
		p.name(at+"indexName", x.IndexName, minName)
		p.schema(at+"keySchema", x.KeySchema)
		p.enum(at+"projection.projectionType", x.Projection.ProjectionType, "ALL", "INCLUDE", "KEYS_ONLY")
	}
}

// schema reports what is wrong with a key schema by itself.
func (p *problems) schema(member string, schema []keyElement) {
	elements := make([]string, len(schema))
	for i, e := range schema {
		p.enum(fmt.Sprintf("%s.%d.member.keyType", member, i+1), e.KeyType, "HASH", "RANGE")
		elements[i] = fmt.Sprintf("KeySchemaElement(attributeName=%s, keyType=%s)", e.AttributeName, e.KeyType)
	}
	shown := "'[" + strings.Join(elements, ", ") + "]'"
	switch {
	case schema == nil:
		p.null(member)
	case len(schema) == 0:
		p.add(shown, member, "Member must have length greater than or equal to 1")
	case len(schema) > 2:
		p.add(shown, member, "Member must have length less than or equal to 2")
	}
}

// checkBilling refuses throughput that does not fit the billing mode.
func (d definition) checkBilling() error {
	given := d.ProvisionedThroughput != nil
	switch {
	case d.BillingMode == onDemand && given:
		return invalid(badValue + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when " +
			"BillingMode is PAY_PER_REQUEST")
	case d.BillingMode != onDemand && !given:
		return invalid(badValue + "ReadCapacityUnits and WriteCapacityUnits must both be specified when " +
			"BillingMode is PROVISIONED")
	case given:
		return d.ProvisionedThroughput.check()
	}
	return nil
}

func (t throughput) check() error {
	var p problems
	p.atLeast("provisionedThroughput.readCapacityUnits", t.ReadCapacityUnits, 1)
	p.atLeast("provisionedThroughput.writeCapacityUnits", t.WriteCapacityUnits, 1)
	return p.err()
}

// checkSchema refuses a key whose attributes have no definition, or which is not a partition key and a sort key.
func (d definition) checkSchema(schema []keyElement) error {
	names := map[string]bool{}
	for _, e := range schema {
		names[e.AttributeName] = true
	}
	missing := slices.ContainsFunc(schema, func(e keyElement) bool { return d.typeOf(e.AttributeName) == "" })
	switch {
	case missing || len(names) < len(schema):
		return invalid("Invalid KeySchema: Some index key attribute have no definition")
	case schema[0].KeyType != "HASH":
		return invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
	case len(schema) == 2 && schema[1].KeyType != "RANGE":
		return invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
	}
	return nil
}

// checkDefinitionsUsed refuses definitions of attributes that no key has.
func (d definition) checkDefinitionsUsed() error {
	if slices.ContainsFunc(d.AttributeDefinitions, d.isUnused) {
		return invalid(badValue + "Number of attributes in KeySchema does not exactly match number of attributes " +
			"defined in AttributeDefinitions")
	}
	return nil
}

// isUnused reports whether no key has an attribute.
func (d definition) isUnused(a attributeDefinition) bool {
	keys := slices.Clone(d.KeySchema)
	for _, x := range d.indexes() {
		keys = append(keys, x.KeySchema...)
	}
	return !slices.ContainsFunc(keys, func(e keyElement) bool { return e.AttributeName == a.AttributeName })
}

// checkIndexes refuses indexes that the table cannot have.
func (d definition) checkIndexes() error {
	seen := map[string]bool{}
	for _, x := range d.indexes() {
		if seen[x.IndexName] {
			return invalid(badValue + "Duplicate index name: " + x.IndexName)
		}
		seen[x.IndexName] = true
		if err := x.Projection.check(); err != nil {
			return err
		}
	}
	for _, x := range d.LocalSecondaryIndexes {
		switch {
		case len(d.KeySchema) < 2:
			return invalid(badValue + "Table KeySchema does not have a range key, which is required when specifying " +
				"a LocalSecondaryIndex")
		case x.KeySchema[0].AttributeName != d.KeySchema[0].AttributeName:
			return invalid(fmt.Sprintf(badValue+"Index KeySchema does not have the same leading hash key as table "+
				"KeySchema for index: %s. index hash key: %s, table hash key: %s",
				x.IndexName, x.KeySchema[0].AttributeName, d.KeySchema[0].AttributeName))
		case len(x.KeySchema) < 2:
			return invalid(badValue + "Index KeySchema does not have a range key for index: " + x.IndexName)
		}
	}
	return nil
}

func (p projection) check() error {
	switch {
	case p.ProjectionType == "":
		return invalid(badValue + "Unknown ProjectionType: null")
	case p.ProjectionType == "INCLUDE" && p.NonKeyAttributes == nil:
		return invalid(badValue + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
	case p.ProjectionType != "INCLUDE" && p.NonKeyAttributes != nil:
		return invalid(badValue + "ProjectionType is " + p.ProjectionType + ", but NonKeyAttributes is specified")
	}
	return nil
}
