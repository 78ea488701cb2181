package page

import "github.com/connect-async/connect-async/internal/call"

// message is one thing that the page is told of a call. Exactly one of the fields is set.
type message struct {
	Call  *callView  `json:"call,omitempty"`
	Event *eventView `json:"event,omitempty"`
	Clock *clockView `json:"clock,omitempty"`
	End   *endView   `json:"end,omitempty"`
}

// callView is the call that is played.
type callView struct {
	Title    string    `json:"title"`
	Setup    string    `json:"setup"`
	Scenario string    `json:"scenario"`
	Real     bool      `json:"real"`
	Attend   bool      `json:"attend"`   // somebody is the caller
	Arrivals []float64 `json:"arrivals"` // when each caller's own time begins
	Chat     []bool    `json:"chat"`     // whether each caller types
	Lanes    []string  `json:"lanes"`    // of the axis
	Silence  []float64 `json:"silence"`  // lengths that are a note, a failure and critical; 0 for none
}

// clockView is what the clock of a call shows.
type clockView struct {
	At      float64 `json:"at"`
	Speed   float64 `json:"speed"` // 0: at once
	Paused  bool    `json:"paused"`
	Waits   bool    `json:"waits"`   // time has stopped until the caller does something
	Listens string  `json:"listens"` // what the flow wants from the caller, "" when it does not listen
	Over    bool    `json:"over"`
}

// eventView is an event with its words.
type eventView struct {
	Caller   int         `json:"caller"`
	Type     string      `json:"type"`
	At       float64     `json:"at"`    // when it is told
	Began    float64     `json:"began"` // when it began
	Took     float64     `json:"took,omitempty"`
	Clock    string      `json:"clock"` // when it began, as people read it
	Length   string      `json:"length,omitempty"`
	Verb     string      `json:"verb,omitempty"` // "" for what is not part of what the caller goes through
	Words    string      `json:"words"`
	Text     string      `json:"text,omitempty"` // what is heard, or the branch that is taken
	Flow     string      `json:"flow,omitempty"`
	Action   string      `json:"action,omitempty"`
	Status   string      `json:"status,omitempty"`
	Silent   bool        `json:"silent,omitempty"`
	Failed   bool        `json:"failed,omitempty"`
	Segments []heardView `json:"heard,omitempty"`
	Bar      *barView    `json:"bar,omitempty"` // that it adds or changes
}

// heardView is a part of what is heard: a text, or a pause.
type heardView struct {
	Text string  `json:"text"`
	Took float64 `json:"took"`
}

type barView struct {
	Index int     `json:"index"`
	Lane  int     `json:"lane"`
	At    float64 `json:"at"`
	Took  float64 `json:"took"`
	Class string  `json:"class"`
	Text  string  `json:"text"`
	Long  string  `json:"long"`
	Open  bool    `json:"open,omitempty"`
}

// endView is what a call came to, for each caller.
type endView struct {
	Callers  []endedView `json:"callers"`
	Failures []string    `json:"failures"`
}

type endedView struct {
	Duration float64   `json:"duration"`
	Lines    []string  `json:"lines"`
	Figures  []figure  `json:"figures"`
	Bears    []finding `json:"bears"`
	Silences []barView `json:"silences"`
	Ready    float64   `json:"ready"` // when the result was there, and when the flow noticed
	Noticed  float64   `json:"noticed"`
	Detected bool      `json:"detected"`
}

// teller turns the events of a call into what the page is told.
type teller struct {
	name  func(flow string) string // of a flow's file, as the page names it
	bars  []barList                // of each caller
	flows []string                 // that each caller's contact is in
}

func newTeller(callers int, name func(string) string) *teller {
	t := &teller{name: name, bars: make([]barList, callers), flows: make([]string, callers)}
	for i := range t.bars {
		t.bars[i] = barList{heard: -1, open: true}
	}
	return t
}

func (t *teller) event(e call.Event) *eventView {
	if e.Type == call.TypeEnters {
		t.flows[e.Caller] = t.name(e.Flow)
	}
	verb, words := e.Words()
	v := &eventView{
		Caller: e.Caller, Type: string(e.Type), At: call.Seconds(e.At), Began: call.Seconds(e.Began()),
		Took: call.Seconds(e.Took), Clock: call.ClockTime(e.Began()), Verb: verb, Words: words, Action: e.Action,
		Status: e.Status, Silent: e.Silent, Failed: e.Error != "",
	}
	if e.Took > 0 {
		v.Length = call.Spell(e.Took)
	}
	if e.Action != "" {
		v.Flow = t.flows[e.Caller]
	}
	if e.Type != call.TypeLog { // the log of a function stays with it
		v.Text = e.Text
	}
	for _, s := range e.Heard {
		v.Segments = append(v.Segments, heardView{Text: s.ReadOut(), Took: call.Seconds(s.Duration)})
	}
	bars := &t.bars[e.Caller]
	if i := bars.add(e); i >= 0 {
		one := bars.bars[i].view(i)
		v.Bar = &one
	}
	return v
}

func (o bar) view(index int) barView {
	return barView{Index: index, Lane: o.lane, At: call.Seconds(o.at), Took: call.Seconds(o.took), Class: o.class,
		Text: o.text, Long: o.long, Open: o.open}
}

// ended tells what a call came to.
func ended(summaries []call.Summary, failures []call.Failure) *endView {
	v := &endView{}
	for _, f := range failures {
		v.Failures = append(v.Failures, f.Message)
	}
	for _, s := range summaries {
		one := endedView{
			Duration: call.Seconds(s.Duration), Figures: figures(s), Detected: s.Detected,
			Ready: call.Seconds(readyAt(s)), Noticed: call.Seconds(s.DetectedAt), Silences: []barView{},
		}
		one.Bears, one.Lines = told(s)
		for i, gap := range s.Silences {
			one.Silences = append(one.Silences, silence(gap).view(i))
		}
		v.Callers = append(v.Callers, one)
	}
	return v
}
