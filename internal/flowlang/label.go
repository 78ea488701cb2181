package flowlang

import (
	"cmp"
	"slices"
)

// errorLabels are the words of the console's designer for the branches of errors (Administrator guide, pages of the
// blocks). It has no block with the last three; they are written out in its manner.
var errorLabels = map[string]string{
	NoMatchingError:             "Error",
	NoMatchingCondition:         "No match",
	InputTimeLimitExceeded:      "Timeout",
	TimeLimitExceeded:           "Timeout",
	ConnectionTimeLimitExceeded: "Timeout",
	InvalidPhoneNumber:          "Invalid number",
	InvalidCallbackNumber:       "Invalid number",
	CallbackNumberNotDialable:   "Not dialable",
	QueueAtCapacity:             "At capacity",
	CallFailed:                  "Call failed",
	ParticipantNotFound:         "Participant not found",
	ContactNotLinked:            "Contact not linked",
	ChannelMismatch:             "Channel mismatch",
	InProgress:                  "In progress",
	MultipleFound:               "Multiple found",
	MultipleFoundError:          "Multiple found",
	NoneFound:                   "None found",
	NoneFoundError:              "None found",
	RedactionFailed:             "Redaction failed",
	TemplateRenderingError:      "Rendering failed",
}

// outcomeLabels are its words for other outcomes, by action type. NoMatchingCondition is one of them.
var outcomeLabels = map[string]map[string]string{
	Loop:                          {ContinueLooping: "Looping", DoneLooping: "Complete"},
	Wait:                          {WaitCompleted: "Time expired"},
	MessageParticipantIteratively: {MessagesInterrupted: "Timeout"},
	CheckHoursOfOperation:         {"True": "In hours", "False": "Out of hours"},
	GetParticipantInput:           {NoMatchingCondition: "Default"},
	ConnectParticipantWithLexBot:  {NoMatchingCondition: "Default"},
	DistributeByPercentage:        {NoMatchingCondition: "Default"},
}

// Label is what the console's designer writes at a branch of the action; the branch's name where it has no other word.
func (a *Action) Label(b *Branch) string {
	switch {
	case b.Kind == Next:
		return "Success"
	case b.Kind == Condition && a.Type == GetParticipantInput && slices.Contains(keys, b.Name):
		return "Pressed " + b.Name
	}
	label := outcomeLabels[a.Type][b.Name]
	if b.Kind == Failure {
		label = cmp.Or(label, errorLabels[b.Name])
	}
	return cmp.Or(label, b.Name)
}
