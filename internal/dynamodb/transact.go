package dynamodb

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"
)

// The most that one transaction can be about (API reference of TransactWriteItems).
const maxTransaction, maxTransactionBytes = 100, 4 << 20

// transactionCost is how often a transaction reads and writes everything.
const transactionCost = 2

type transactGetRequest struct {
	TransactItems          []struct{ Get *request }
	ReturnConsumedCapacity string
}

func (t *Tables) transactGet(b *transactGetRequest) (any, error) {
	if err := checkTransaction(len(b.TransactItems)); err != nil {
		return nil, err
	}
	tables := make([]*table, len(b.TransactItems))
	for i, one := range b.TransactItems {
		if one.Get == nil {
			return nil, nullAt(fmt.Sprintf("transactItems.%d.member.get", i+1))
		}
		var err error
		if tables[i], err = t.prepared(one.Get, projectionKind); err != nil {
			return nil, err
		}
	}
	responses := []response{}
	var reasons reasons
	var bill bill
	seen := map[target]bool{}
	for i, on := range tables {
		place, err := on.placeOf(b.TransactItems[i].Get.Key)
		reasons = append(reasons, err)
		if err != nil {
			continue
		}
		at := target{on: on, place: place}
		if seen[at] {
			return nil, errSameItem
		}
		seen[at] = true
		answer, size := on.get(b.TransactItems[i].Get, place)
		responses = append(responses, answer)
		bill.add(on.reads(&on.index, size, true))
	}
	if err := reasons.err(); err != nil {
		return nil, err
	}
	answer := response{"Responses": responses}
	if isCounted(b.ReturnConsumedCapacity) {
		bill.into(answer, b.ReturnConsumedCapacity, transactionCost, "ReadCapacityUnits")
	}
	return answer, nil
}

type transactWriteRequest struct {
	ClientRequestToken          string
	TransactItems               []transactItem
	ReturnConsumedCapacity      string
	ReturnItemCollectionMetrics string
}

// transactItem is one action of a transaction.
type transactItem struct{ Put, Update, Delete, ConditionCheck *request }

// action is what a transaction does with one item.
type action struct {
	request *request
	plan    plan
	kinds   []string // of its expressions
	on      *table
}

// action returns what the item asks for.
func (i transactItem) action() (action, error) {
	var found []action
	for _, a := range []action{
		{request: i.Put, plan: planPut, kinds: []string{conditionKind}},
		{request: i.Update, plan: planUpdate, kinds: []string{updateKind, conditionKind}},
		{request: i.Delete, plan: planDelete, kinds: []string{conditionKind}},
		{request: i.ConditionCheck, plan: planCheck, kinds: []string{conditionKind}},
	} {
		if a.request != nil {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		return action{}, invalid("TransactItems can only contain one of Check, Put, Update or Delete")
	}
	return found[0], nil
}

// tokenLife is how long a repeated transaction is known by its token (API reference of TransactWriteItems).
const tokenLife = 10 * time.Minute

// done is a transaction that was made.
type done struct {
	request [sha256.Size]byte
	answer  any
	at      time.Time
}

// transactWrite makes a transaction, unless it was made already under the same token.
func (t *Tables) transactWrite(b *transactWriteRequest) (any, error) {
	if b.ClientRequestToken == "" {
		return t.transact(b)
	}
	now, sum := t.options.Now(), b.sum()
	maps.DeleteFunc(t.done, func(_ string, d done) bool { return now.Sub(d.at) >= tokenLife })
	if before, ok := t.done[b.ClientRequestToken]; ok {
		if before.request != sum {
			return nil, &Error{Code: "IdempotentParameterMismatchException", Message: "The request uses " +
				"the same client token as a previous, but non-identical request"}
		}
		return before.answer, nil
	}
	answer, err := t.transact(b)
	if err == nil {
		t.done[b.ClientRequestToken] = done{request: sum, answer: answer, at: now}
	}
	return answer, err
}

// sum tells the transaction from others.
func (b *transactWriteRequest) sum() [sha256.Size]byte {
	written, _ := json.Marshal(b.TransactItems) // what was read can be written
	return sha256.Sum256(written)
}

func (t *Tables) transact(b *transactWriteRequest) (any, error) {
	if err := checkTransaction(len(b.TransactItems)); err != nil {
		return nil, err
	}
	actions := make([]action, len(b.TransactItems))
	for i, one := range b.TransactItems {
		var err error
		if actions[i], err = one.action(); err != nil {
			return nil, err
		}
		if actions[i].on, err = t.prepared(actions[i].request, actions[i].kinds...); err != nil {
			return nil, err
		}
	}
	planned, err := planAll(actions)
	if err != nil {
		return nil, err
	}
	for _, w := range planned {
		t.commit(w)
	}
	answer := response{}
	if isCounted(b.ReturnConsumedCapacity) {
		billOf(planned).into(answer, b.ReturnConsumedCapacity, transactionCost, "WriteCapacityUnits")
	}
	if b.ReturnItemCollectionMetrics == "SIZE" {
		answer.collections(planned)
	}
	return answer, nil
}

// planAll plans all of a transaction, or says why nothing of it happens.
func planAll(actions []action) ([]write, error) {
	var reasons reasons
	planned := make([]write, len(actions))
	seen := map[target]bool{}
	bytes := 0
	for i, a := range actions {
		w, err := a.plan(a.on, a.request)
		reasons = append(reasons, err)
		planned[i] = w
		at := target{on: w.on, place: w.place} // without a table when the key is wrong
		if w.on != nil && seen[at] {
			return nil, errSameItem
		}
		seen[at] = true
		if w.changed != nil && w.changed != w.old {
			bytes += w.changed.size
		}
	}
	if bytes > maxTransactionBytes {
		return nil, invalid("Transaction request size exceeded the maximum allowed size")
	}
	return planned, reasons.err()
}

// errSameItem is the refusal of a transaction that is about one item twice.
var errSameItem = invalid("Transaction request cannot include multiple operations on one item")

// target is where an item is that a transaction is about.
type target struct {
	on    *table
	place string
}

// checkTransaction refuses a transaction that does nothing, or too much.
func checkTransaction(n int) error {
	var p problems
	switch {
	case n == 0:
		p.add("'[]'", "transactItems", "Member must have length greater than or equal to 1")
	case n > maxTransaction:
		p.add("'["+strings.Repeat("TransactItem(), ", n-1)+"TransactItem()]'", "transactItems",
			fmt.Sprintf("Member must have length less than or equal to %d", maxTransaction))
	}
	return p.err()
}

// reasons are why the actions of a transaction cannot be done, nil for those that can.
type reasons []error

// err cancels the transaction when an action cannot be done.
func (r reasons) err() error {
	codes := make([]string, len(r))
	listed := make([]response, len(r))
	cancelled := false
	for i, err := range r {
		codes[i] = "None"
		listed[i] = response{"Code": codes[i]}
		refused, ok := errors.AsType[*Error](err)
		if !ok {
			continue
		}
		cancelled = true
		codes[i] = "ValidationError"
		if refused.Code == conditionFailed {
			codes[i] = "ConditionalCheckFailed"
		}
		listed[i] = response{"Code": codes[i], "Message": refused.Message}
		if refused.Item != nil {
			listed[i]["Item"] = refused.Item
		}
	}
	if !cancelled {
		return nil
	}
	written, _ := encode(listed) // texts and an item can always be written
	return &Error{
		Code: "TransactionCanceledException",
		Message: "Transaction cancelled, please refer cancellation reasons for specific reasons [" +
			strings.Join(codes, ", ") + "]",
		Reasons: written,
	}
}
