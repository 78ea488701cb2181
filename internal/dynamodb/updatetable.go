package dynamodb

import (
	"fmt"
	"slices"
)

type updateTableRequest struct {
	TableName                   *string
	AttributeDefinitions        []attributeDefinition
	BillingMode                 string
	ProvisionedThroughput       *throughput
	GlobalSecondaryIndexUpdates []indexUpdate
}

// indexUpdate is one change of a global secondary index.
type indexUpdate struct {
	Create *indexDefinition
	Update *struct {
		IndexName             string
		ProvisionedThroughput *throughput
	}
	Delete *struct{ IndexName string }
}

func (t *Tables) updateTable(r *updateTableRequest) (any, error) {
	var p problems
	p.tableName(r.TableName)
	p.enum("billingMode", r.BillingMode, provisioned, onDemand)
	if err := p.err(); err != nil {
		return nil, err
	}
	if r.BillingMode == "" && r.ProvisionedThroughput == nil && r.GlobalSecondaryIndexUpdates == nil {
		return nil, invalid("At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, " +
			"GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required")
	}
	on, err := t.named(r.TableName)
	if err != nil {
		return nil, err
	}
	d := on.definition
	d.GlobalSecondaryIndexes = slices.Clone(d.GlobalSecondaryIndexes)
	if err := r.changeBilling(&d); err != nil {
		return nil, err
	}
	for _, update := range r.GlobalSecondaryIndexUpdates {
		if err := update.change(&d, r.AttributeDefinitions); err != nil {
			return nil, err
		}
	}
	if err := d.checkIndexes(); err != nil {
		return nil, err
	}
	changed := on.as(d)
	t.tables[d.TableName] = changed
	t.tellTable(d)
	return response{"TableDescription": t.describe(changed, "UPDATING")}, nil
}

// changeBilling changes the billing mode and the throughput.
func (r *updateTableRequest) changeBilling(d *definition) error {
	before, wanted := d.ProvisionedThroughput, r.ProvisionedThroughput
	if r.BillingMode != "" {
		d.BillingMode = r.BillingMode
	}
	switch {
	case wanted != nil:
		d.ProvisionedThroughput = wanted
	case d.BillingMode == onDemand:
		d.ProvisionedThroughput = nil
	}
	if err := d.checkBilling(); err != nil {
		return err
	}
	if before != nil && wanted != nil && *before == *wanted {
		return invalid(fmt.Sprintf("The provisioned throughput for the table will not change. The requested value "+
			"equals the current value. Current ReadCapacityUnits provisioned for the table: %d. Requested "+
			"ReadCapacityUnits: %d. Current WriteCapacityUnits provisioned for the table: %d. Requested "+
			"WriteCapacityUnits: %d. Refer to the Amazon DynamoDB Developer Guide for current limits and how to "+
			"request higher limits.",
			before.ReadCapacityUnits, wanted.ReadCapacityUnits, before.WriteCapacityUnits, wanted.WriteCapacityUnits))
	}
	return nil
}

// change changes the indexes of a definition. attributes are those that the request defines.
func (u indexUpdate) change(d *definition, attributes []attributeDefinition) error {
	switch {
	case u.Create != nil:
		return d.addIndex(*u.Create, attributes)
	case u.Delete != nil:
		at, err := d.globalIndex(u.Delete.IndexName)
		if err != nil {
			return err
		}
		d.GlobalSecondaryIndexes = slices.Delete(d.GlobalSecondaryIndexes, at, at+1)
		d.AttributeDefinitions = slices.DeleteFunc(slices.Clone(d.AttributeDefinitions), d.isUnused)
	case u.Update != nil && u.Update.ProvisionedThroughput != nil:
		at, err := d.globalIndex(u.Update.IndexName)
		if err != nil {
			return err
		}
		d.GlobalSecondaryIndexes[at].ProvisionedThroughput = u.Update.ProvisionedThroughput
		return u.Update.ProvisionedThroughput.check()
	default:
		return invalid(badValue + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, " +
			"GlobalSecondaryIndexUpdate.Delete must not be null")
	}
	return nil
}

// addIndex adds a global index, and the definitions of its attributes.
func (d *definition) addIndex(x indexDefinition, attributes []attributeDefinition) error {
	if _, err := d.globalIndex(x.IndexName); err == nil {
		return invalid("Attempting to create an index which already exists")
	}
	d.AttributeDefinitions = slices.Clone(d.AttributeDefinitions)
	for _, a := range attributes {
		if d.typeOf(a.AttributeName) == "" {
			d.AttributeDefinitions = append(d.AttributeDefinitions, a)
		}
	}
	d.GlobalSecondaryIndexes = append(d.GlobalSecondaryIndexes, x)
	if err := d.checkModel(); err != nil {
		return err
	}
	return d.checkSchema(x.KeySchema)
}

// globalIndex finds a global index by its name.
func (d *definition) globalIndex(name string) (at int, err error) {
	at = slices.IndexFunc(d.GlobalSecondaryIndexes, func(x indexDefinition) bool { return x.IndexName == name })
	if at < 0 {
		return at, errNoTable
	}
	return at, nil
}

// as is the table with its items under another definition.
func (t *table) as(d definition) *table {
	changed := newTable(d)
	t.rows.Scan(func(place string, r *row) bool {
		changed.set(place, r)
		return true
	})
	return changed
}
