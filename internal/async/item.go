package async

import (
	"fmt"
	"strings"
	"time"
)

// The attributes of a record as an item of DynamoDB; docs/contract.md describes them. The state machine and the async
// function write the same ones.
const (
	ItemExecution = "execution"
	ItemStatus    = "status"
	ItemStarted   = "started"
	ItemTimeout   = "timeout_seconds"
	ItemEnded     = "ended"
	ItemOutput    = "output"
	ItemError     = "error"
	ItemCause     = "cause"
	ItemExpires   = "expires"
	ItemAsked     = "asked"
	ItemAnswered  = "answered"
	ItemCancelled = "cancelled"
	ItemData      = "data"
	ItemNewest    = "newest"
	ItemOutcome   = "outcome"
	ItemDecided   = "decided"
)

// The attributes of a record that say how far its execution is; see progress.go. The first four and ItemStepBegan are
// the state machine's, the others the async function's.
const (
	ItemStep        = "step"
	ItemSteps       = "steps"
	ItemStepName    = "step_name"
	ItemStepSeconds = "step_seconds"
	ItemStepBegan   = "step_began"
	ItemSaid        = "said"
	ItemSaidLeft    = "said_left"
	ItemSaidReport  = "said_report"
)

// ItemReport is the attribute of the item that a function reports into; see ReportKey.
const ItemReport = "progress"

// The further attributes of the item of a contact; see Contact. Its key is ContactKey, and it has ItemStarted and
// ItemExpires.
const (
	ItemContact    = "contact"
	ItemExecutions = "executions"
)

// ContactsIndex is the index of the table that has the items of contacts alone, by ItemContact.
const ContactsIndex = "contacts"

// ContactKey is what the key of a contact's item is in the table of results. No name of an execution has a colon.
func ContactKey(contact string) string { return "contact:" + contact }

// The conditions and updates with which a record is written. Their placeholders are # and : before the name of an
// attribute; ItemNames says what those with # stand for. :pending is StatusPending, :now the time in epoch seconds: an
// item that has expired counts as absent, though the table may keep it for days. The state machine writes only into an
// item that is pending, since it cannot compute when an item expires: without its record, the start of which the table
// did not confirm, its end is found out by a check.
const (
	ItemIsPending  = "#status = :pending"
	SetItemStatus  = "SET #status = :status"
	SetItemEnded   = ", #ended = :ended"
	SetItemOutput  = ", #output = :output"
	SetItemFailure = ", #error = :error, #cause = :cause"

	// A state machine writes which step begins, unless a later one has begun, or the record is of a later start, which
	// has lost what was written before: :began is when the execution started.
	ItemIsBeforeStep = ItemIsPending + " AND #started <= :began AND (attribute_not_exists(#step) OR #step < :step)"
	SetItemStep      = "SET #step = :step, #steps = :steps, #step_name = :step_name, #step_seconds = :step_seconds, " +
		"#step_began = :step_began"

	itemIsNew      = "attribute_not_exists(#execution) OR #expires < :now"
	itemExists     = "attribute_exists(#execution)"
	itemIsOurs     = "#status = :pending AND #started = :started"
	itemIsOlder    = "attribute_not_exists(#newest) OR #newest < :newest OR #expires < :now"
	itemEndsBefore = "attribute_not_exists(#status) OR #status = :pending OR #expires < :now OR #ended < :ended"
	itemEndsThen   = "#status = :status AND #ended = :ended"

	itemIsUndecided = "attribute_exists(#execution) AND attribute_not_exists(#outcome)"
	itemIsClaimed   = "#outcome = :replaces AND #decided < :before"
	stepIsUnsaid    = ItemIsPending + " AND #step = :said AND (attribute_not_exists(#said) OR #said < :said)"
	leftIsUnsaid    = ItemIsPending + " AND (attribute_not_exists(#said_left) OR #said_left > :said_left)"
	reportIsUnsaid  = ItemIsPending + " AND #step = :step AND " +
		"(attribute_not_exists(#said_report) OR #said_report <> :said_report)"
	itemHasNoMore    = "#executions = :executions"
	listInContact    = "SET #contact = :contact, #started = :started, #expires = :expires ADD #executions :executions"
	contactIsWaiting = "attribute_exists(#contact) AND #started < :before AND #expires > :now"
)

// Values are texts, whole numbers and sets of texts of an item: attributes under their names, or values under their
// placeholders.
type Values struct {
	Texts   map[string]string
	Numbers map[string]int64
	Sets    map[string][]string
}

// Write is a request to the results table: UpdateItem with Update, PutItem with Item, DeleteItem with a Condition only,
// or Scan with a Condition as its filter. The packages that implement Results and Contacts only put it into the form of
// their protocol.
type Write struct {
	Item      Values
	Update    string
	Condition string
	Values    Values // of the placeholders in Update and Condition
}

// Names are the placeholders of attributes in the update and the condition.
func (w Write) Names() map[string]string { return ItemNames(w.Update, w.Condition) }

// Add is the PutItem that adds a record which has no end; see Results.Pending.
func (r Record) Add(now time.Time) Write {
	return Write{
		Item: Values{
			Texts: map[string]string{
				ItemExecution: r.Execution, ItemStatus: r.Status, ItemStarted: itemTime(r.Started),
			},
			Numbers: map[string]int64{ItemTimeout: int64(r.Timeout / time.Second), ItemExpires: r.Expires.Unix()},
		},
		Condition: itemIsNew,
		Values:    Values{Numbers: map[string]int64{":now": now.Unix()}},
	}
}

// SetEnd is the update that writes an end in the place of an earlier one; see Results.Finish.
func (r Record) SetEnd(now time.Time) Write {
	set, remove := r.parts()
	w := Write{Update: SetItemStatus + SetItemEnded + ", #expires = :expires", Condition: itemEndsBefore,
		Values: r.endValues(set)}
	w.Values.Texts[":pending"] = StatusPending
	w.Values.Numbers = map[string]int64{":expires": r.Expires.Unix(), ":now": now.Unix()}
	for _, p := range set {
		w.Update += fmt.Sprintf(", #%[1]s = :%[1]s", p.name)
	}
	var removed []string
	for _, p := range remove {
		removed = append(removed, "#"+p.name)
	}
	if len(removed) > 0 {
		w.Update += " REMOVE " + strings.Join(removed, ", ")
	}
	return w
}

// FillEnd is the update that adds to the same end the parts that it lacks; see Results.Finish. Its Update is empty when
// there is none to add.
func (r Record) FillEnd() Write {
	set, _ := r.parts()
	w := Write{Condition: itemEndsThen, Values: r.endValues(set)}
	var filled []string
	for _, p := range set {
		filled = append(filled, fmt.Sprintf("#%[1]s = if_not_exists(#%[1]s, :%[1]s)", p.name))
	}
	if len(filled) > 0 {
		w.Update = "SET " + strings.Join(filled, ", ")
	}
	return w
}

// SetDoubt is the update of Results.Doubted.
func (r Record) SetDoubt() Write {
	w := Write{
		Update:    "SET #asked = :asked, #answered = :answered",
		Condition: ItemIsPending,
		Values: Values{Texts: map[string]string{
			":asked": itemTime(r.Asked), ":answered": itemTime(r.Answered), ":pending": StatusPending,
		}},
	}
	if !r.Cancelled.IsZero() {
		w.Update += ", #cancelled = :cancelled"
		w.Values.Texts[":cancelled"] = itemTime(r.Cancelled)
	}
	return w
}

// SetNewest is the update of Results.Newest.
func (r Record) SetNewest(now time.Time) Write {
	return Write{
		Update:    "SET #newest = :newest, #expires = :expires",
		Condition: itemIsOlder,
		Values: Values{Numbers: map[string]int64{
			":newest": int64(r.Newest), ":expires": r.Expires.Unix(), ":now": now.Unix(),
		}},
	}
}

// SetForgotten is the update of Results.Forget.
func (r Record) SetForgotten() Write {
	return Write{
		Update:    "SET #expires = :expires",
		Condition: itemIsOurs,
		Values: Values{
			Texts:   map[string]string{":pending": StatusPending, ":started": itemTime(r.Started)},
			Numbers: map[string]int64{":expires": r.Expires.Unix()},
		},
	}
}

// SetData is the update of Results.NoteData.
func (r Record) SetData() Write {
	return Write{
		Update:    "SET #data = :data",
		Condition: itemExists,
		Values:    Values{Texts: map[string]string{":data": r.Data}},
	}
}

// part is an attribute that only an end has.
type part struct{ name, text string }

// parts are what an end has to say beyond its status and its time. Those that it lacks are empty.
func (r Record) parts() (has, lacks []part) {
	for _, p := range []part{{ItemOutput, r.Output}, {ItemError, r.Error}, {ItemCause, r.Cause}} {
		if p.text == "" {
			lacks = append(lacks, p)
		} else {
			has = append(has, p)
		}
	}
	return has, lacks
}

// endValues are the values of an end and its parts.
func (r Record) endValues(parts []part) Values {
	texts := map[string]string{":status": r.Status, ":ended": itemTime(r.Ended)}
	for _, p := range parts {
		texts[":"+p.name] = p.text
	}
	return Values{Texts: texts}
}

// ReadItem is the record that an item holds. An attribute that is missing, or not of its type, has its zero value.
func ReadItem(execution string, item Values) Record {
	text, number := item.Texts, item.Numbers
	r := Record{
		Execution: execution,
		Status:    text[ItemStatus],
		Output:    text[ItemOutput],
		Error:     text[ItemError],
		Cause:     text[ItemCause],
		Started:   readItemTime(text[ItemStarted]),
		Timeout:   time.Duration(number[ItemTimeout]) * time.Second,
		Ended:     readItemTime(text[ItemEnded]),
		Asked:     readItemTime(text[ItemAsked]),
		Answered:  readItemTime(text[ItemAnswered]),
		Cancelled: readItemTime(text[ItemCancelled]),
		Data:      text[ItemData],
		Newest:    int(number[ItemNewest]),
		Outcome:   text[ItemOutcome],
		Decided:   readItemTime(text[ItemDecided]),
		Expires:   readExpires(item),

		Step: Step{
			Number: int(number[ItemStep]),
			Of:     int(number[ItemSteps]),
			Name:   text[ItemStepName],
			Began:  readItemTime(text[ItemStepBegan]),
			For:    time.Duration(number[ItemStepSeconds]) * time.Second,
		},
		Said:       int(number[ItemSaid]),
		SaidLeft:   time.Duration(number[ItemSaidLeft]) * time.Second,
		SaidReport: int(number[ItemSaidReport]),
	}
	return r
}

// readExpires is when an item expires, zero when it does not.
func readExpires(item Values) time.Time {
	if expires := item.Numbers[ItemExpires]; expires != 0 {
		return time.Unix(expires, 0).UTC()
	}
	return time.Time{}
}

// SetOutcome is the update of Results.Decide.
func (d Decision) SetOutcome() Write {
	w := Write{
		Update:    "SET #outcome = :outcome, #decided = :decided",
		Condition: itemIsUndecided,
		Values:    Values{Texts: map[string]string{":outcome": d.Outcome, ":decided": itemTime(d.At)}},
	}
	if d.Replaces != "" {
		w.Condition += " OR " + itemIsClaimed
		w.Values.Texts[":replaces"], w.Values.Texts[":before"] = d.Replaces, itemTime(d.Before)
	}
	return w
}

// List is the update of a contact's item in the transaction that adds the record of an execution; see Results.Pending.
func (r Record) List() Write {
	return Write{Update: listInContact, Values: Values{
		Texts:   map[string]string{":contact": r.Contact, ":started": itemTime(r.Started)},
		Numbers: map[string]int64{":expires": r.ListExpires.Unix()},
		Sets:    map[string][]string{":executions": {r.ExecutionID}},
	}}
}

// Delete is the DeleteItem of Contacts.Close.
func (c Contact) Delete() Write {
	return Write{Condition: itemHasNoMore, Values: Values{Sets: map[string][]string{":executions": c.Executions}}}
}

// WaitingContacts is the filter of Contacts.Waiting.
func WaitingContacts(before, now time.Time) Write {
	return Write{Condition: contactIsWaiting, Values: Values{
		Texts:   map[string]string{":before": itemTime(before)},
		Numbers: map[string]int64{":now": now.Unix()},
	}}
}

// ReadContact is the contact that an item holds.
func ReadContact(id string, item Values) Contact {
	return Contact{ID: id, Executions: item.Sets[ItemExecutions], Expires: readExpires(item)}
}

// ItemNames are the placeholders of attributes in expressions, as DynamoDB's requests take them: #status for status.
func ItemNames(expressions ...string) map[string]string {
	names := map[string]string{}
	for _, word := range strings.FieldsFunc(strings.Join(expressions, " "), isNoName) {
		if name, ok := strings.CutPrefix(word, "#"); ok {
			names[word] = name
		}
	}
	return names
}

// isNoName reports whether a character is not one of an attribute's placeholder.
func isNoName(c rune) bool { return c != '#' && c != '_' && (c < 'a' || c > 'z') }

// ItemTime is the format of the times of an item, the one of the context object of Step Functions.
const ItemTime = "2006-01-02T15:04:05.000Z"

func itemTime(t time.Time) string { return t.UTC().Format(ItemTime) }

// readItemTime reads a time of an item, also one with another number of decimals. It is zero when the text is no time.
func readItemTime(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t
}
