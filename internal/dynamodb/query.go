package dynamodb

import (
	"fmt"
	"slices"
)

// maxPage is how many bytes of items one page of a query or scan reads (developer guide, service quotas).
const maxPage = 1 << 20

// reading is a query or scan of a part of an index.
type reading struct {
	table    *table
	index    *index
	span     span
	after    string // the place of the item that the page before ended with, "" for none
	backward bool
	whole    bool // what is not in a local index is fetched from the table
}

// page is what one page of a query or scan has read.
type page struct {
	items   []item
	scanned int
	bytes   int
	last    item // where the next page goes on, nil at the end
}

func (t *Tables) query(on *table, r *request) (any, error) {
	if r.Limit != nil && *r.Limit < 1 {
		return nil, invalid("1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must " +
			"have value greater than or equal to 1")
	}
	if r.keyTests == nil {
		return nil, invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the " +
			"request.")
	}
	from, err := on.reading(r)
	if err != nil {
		return nil, err
	}
	if from.span, err = from.index.span(r.keyTests); err != nil {
		return nil, err
	}
	if err := from.index.checkFilter(r.filtered); err != nil {
		return nil, err
	}
	from.backward = r.ScanIndexForward != nil && !*r.ScanIndexForward
	if err := from.startAfter(r.ExclusiveStartKey); err != nil {
		return nil, err
	}
	if from.after != "" && !from.span.contains(from.after) {
		return nil, invalid("The provided starting key is outside query boundaries based on provided conditions")
	}
	return from.answer(r), nil
}

func (t *Tables) scan(on *table, r *request) (any, error) {
	if r.Limit != nil {
		var p problems
		p.atLeast("limit", *r.Limit, 1)
		if err := p.err(); err != nil {
			return nil, err
		}
	}
	from, err := on.reading(r)
	if err != nil {
		return nil, err
	}
	if from.span, err = r.segment(); err != nil {
		return nil, err
	}
	if err := from.startAfter(r.ExclusiveStartKey); err != nil {
		return nil, err
	}
	if from.after != "" && !from.span.contains(from.after) {
		return nil, invalid(fmt.Sprintf("The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "+
			"ExclusiveStartKey with correct Segment. TotalSegments: %d Segment: %d", *r.TotalSegments, *r.Segment))
	}
	return from.answer(r), nil
}

// maxSegments is how many segments a parallel scan can have (API reference of Scan).
const maxSegments = 1_000_000

// segment is the part of an index that a scan reads.
func (r *request) segment() (span, error) {
	switch {
	case r.Segment == nil && r.TotalSegments == nil:
		return span{}, nil
	case r.TotalSegments == nil:
		return span{}, invalid("The TotalSegments parameter is required but was not present in the request when " +
			"Segment parameter is present")
	case r.Segment == nil:
		return span{}, invalid("The Segment parameter is required but was not present in the request when parameter " +
			"TotalSegments is present")
	}
	var p problems
	p.atLeast("segment", *r.Segment, 0)
	p.atLeast("totalSegments", *r.TotalSegments, 1)
	p.atMost("totalSegments", *r.TotalSegments, maxSegments)
	if err := p.err(); err != nil {
		return span{}, err
	}
	if *r.Segment >= *r.TotalSegments {
		return span{}, invalid(fmt.Sprintf("The Segment parameter is zero-based and must be less than parameter "+
			"TotalSegments: Segment: %d is not less than TotalSegments: %d", *r.Segment, *r.TotalSegments))
	}
	return segment(*r.Segment, *r.TotalSegments), nil
}

// reading finds the index that a request reads, and checks what it wants of it.
func (t *table) reading(r *request) (reading, error) {
	from := reading{table: t, index: &t.index}
	if r.IndexName != nil {
		at := slices.IndexFunc(t.secondary, func(x *index) bool { return x.name == *r.IndexName })
		if at < 0 {
			return from, invalid("The table does not have the specified index: " + *r.IndexName)
		}
		from.index = t.secondary[at]
	}
	if from.index.global && r.ConsistentRead {
		return from, invalid("Consistent reads are not supported on global secondary indexes")
	}
	from.whole = !from.index.global && (r.Select == "ALL_ATTRIBUTES" || r.shown != nil)
	return from, from.index.checkSelect(r)
}

// checkSelect refuses a selection that the index does not have, or that contradicts the projection.
func (x *index) checkSelect(r *request) error {
	const specific = "SPECIFIC_ATTRIBUTES"
	refused := map[string]string{
		"ALL_ATTRIBUTES": "choosing to get ALL_ATTRIBUTES", "COUNT": "choosing to get only the Count",
		"ALL_PROJECTED_ATTRIBUTES": "choosing to get ALL_PROJECTED_ATTRIBUTES",
	}[r.Select]
	switch {
	case r.shown != nil && refused != "":
		return invalid("Cannot specify the " + r.projectedBy() + " when " + refused)
	case r.Select == specific && r.shown == nil:
		return invalid("Must specify the AttributesToGet or ProjectionExpression when choosing to get " + specific)
	case r.Select == "ALL_PROJECTED_ATTRIBUTES" && x.name == "":
		return invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
	case r.Select == "ALL_ATTRIBUTES" && x.global && !x.all:
		return invalid(fmt.Sprintf(badValue+"Select type ALL_ATTRIBUTES is not supported for global secondary index "+
			"%s because its projection type is not ALL", x.name))
	case x.global && !x.all:
		return x.checkShown(r.shown)
	}
	return nil
}

// checkShown refuses attributes that a global index does not have.
func (x *index) checkShown(paths []path) error {
	for _, p := range paths {
		if !slices.Contains(x.shown, p[0].name) {
			return invalid(fmt.Sprintf(badValue+"Global secondary index %s does not project [%s]", x.name, p[0].name))
		}
	}
	return nil
}

// checkFilter refuses a filter on the key, which belongs into the key condition.
func (x *index) checkFilter(filtered []string) error {
	for _, name := range filtered {
		if slices.ContainsFunc(x.keys, func(k key) bool { return k.name == name }) {
			return invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: " +
				name)
		}
	}
	return nil
}

// startAfter goes to where the page before ended.
func (from *reading) startAfter(key item) error {
	if key == nil {
		return nil
	}
	place, ok := from.index.place(key)
	if !ok || len(key) != len(from.index.names) {
		return invalid("The provided starting key is invalid: " + errSchema.Message)
	}
	from.after = place
	return nil
}

// walk visits the rows of the span in their order, until visit returns false.
func (from reading) walk(visit func(r *row) bool) {
	if !from.backward {
		from.index.rows.Ascend(max(from.span.from, from.after), func(place string, r *row) bool {
			if place == from.after {
				return true
			}
			return from.span.contains(place) && visit(r)
		})
		return
	}
	pivot := from.span.to
	if from.after != "" {
		pivot = from.after
	}
	from.index.rows.Descend(pivot, func(place string, r *row) bool {
		if place == from.after || place == from.span.to {
			return true
		}
		return from.span.contains(place) && visit(r)
	})
}

// read reads one page.
func (from reading) read(r *request) (p page) {
	var last, more *row
	from.walk(func(found *row) bool {
		it, size := found.item, found.size
		if !from.whole && !from.index.all {
			it = from.index.shows(it)
			size = sizeOf(it)
		}
		if p.scanned > 0 && p.bytes+size > maxPage {
			more = last
			return false
		}
		p.scanned++
		p.bytes += size
		if r.filter(it) {
			p.items = append(p.items, r.show(it))
		}
		last = found
		if r.Limit != nil && p.scanned == *r.Limit {
			more = last
			return false
		}
		return true
	})
	if more != nil {
		p.last = from.index.keyOf(more.item)
	}
	return p
}

// answer reads one page and answers with it.
func (from reading) answer(r *request) response {
	p := from.read(r)
	answer := response{"Count": len(p.items), "ScannedCount": p.scanned}
	if r.Select != "COUNT" {
		if p.items == nil {
			p.items = []item{}
		}
		answer["Items"] = p.items
	}
	if p.last != nil {
		answer["LastEvaluatedKey"] = p.last
	}
	if isCounted(r.ReturnConsumedCapacity) {
		consumed := from.table.reads(from.index, p.bytes, r.ConsistentRead)
		answer[consumedCapacity] = consumed.as(r.ReturnConsumedCapacity)
	}
	return answer
}
