package style

import "cmp"

// Texts are what the flow says. An empty field means the text of the language. A sentence that is heard while
// waiting must take at most 3 s, since its length decides how late the result is noticed.
type Texts struct {
	Thanks     string   // after the start
	Moment     string   // before something is tried again
	Sentences  []string // while waiting, in turn; fourteen are enough for none to be heard more than twice a minute
	Queue      []string // in a queue, true whether the work is done or not
	Offer      string   // of a way out, with the key 1
	Result     string   // with references such as $.External.balance
	Failed     string   // the work failed
	Unreadable string   // the work succeeded, but Connect cannot take its result
	TooLong    string   // given up
	NoService  string   // the async function cannot be reached
	Goodbye    string   // after the way out
	CallAgain  string   // after the way out, when the work could not be stopped
}

var languages = map[string]Texts{
	"en": {
		Thanks: "Thanks. I am working on your request.",
		Moment: "One moment, please.",
		Sentences: []string{
			"Still with you, a few seconds more.", "Your request is being worked on.", "Thank you for your patience.",
			"I have not forgotten you.", "It is taking a little longer today.", "Please stay on the line.",
			"I am still waiting for the answer.", "This needs some time to do properly.",
			"I will tell you as soon as it is done.", "Thank you for staying with me.", "The work is going on.",
			"Please bear with me.", "It cannot take much longer.", "I am keeping an eye on it.",
		},
		Queue: []string{
			"Please stay on the line.", "An agent will be with you soon.", "Thank you for your patience.",
			"You keep your place in the queue.",
		},
		Offer:      "To stop, press 1.",
		Result:     "Thank you. Your request has been carried out.",
		Failed:     "I am sorry, your request could not be carried out.",
		Unreadable: "Your request has been carried out, but I cannot read out the result. Please call again.",
		TooLong:    "I am sorry, this is taking too long. Please call again later.",
		NoService:  "I am sorry, I cannot do this at the moment.",
		Goodbye:    "All right. Goodbye.",
		CallAgain:  "All right. Please call again later.",
	},
	"de": {
		Thanks: "Danke. Ich kümmere mich darum.",
		Moment: "Einen Moment, bitte.",
		Sentences: []string{
			"Es dauert noch ein paar Sekunden.", "Ihre Anfrage wird bearbeitet.", "Vielen Dank für Ihre Geduld.",
			"Ich habe Sie nicht vergessen.", "Heute dauert es etwas länger.", "Bitte bleiben Sie am Apparat.",
			"Ich warte noch auf die Antwort.", "Das braucht ein wenig Zeit.", "Gleich kann ich Ihnen mehr sagen.",
			"Danke, dass Sie warten.", "Die Arbeit läuft noch.", "Bitte haben Sie noch Geduld.",
			"Lange kann es nicht mehr dauern.", "Ich behalte es im Auge.",
		},
		Queue: []string{
			"Bitte bleiben Sie am Apparat.", "Gleich ist jemand für Sie da.", "Vielen Dank für Ihre Geduld.",
			"Sie behalten Ihren Platz in der Reihe.",
		},
		Offer:  "Zum Beenden bitte die 1.",
		Result: "Vielen Dank. Ihre Anfrage ist erledigt.",
		Failed: "Es tut mir leid, Ihre Anfrage konnte nicht erledigt werden.",
		Unreadable: "Ihre Anfrage ist erledigt, aber ich kann das Ergebnis nicht vorlesen. " +
			"Bitte rufen Sie noch einmal an.",
		TooLong:   "Es tut mir leid, das dauert zu lange. Bitte rufen Sie später noch einmal an.",
		NoService: "Es tut mir leid, das ist im Moment nicht möglich.",
		Goodbye:   "In Ordnung. Auf Wiederhören.",
		CallAgain: "In Ordnung. Bitte rufen Sie später noch einmal an.",
	},
	"es": {
		Thanks: "Gracias. Me ocupo de su solicitud.",
		Moment: "Un momento, por favor.",
		Sentences: []string{
			"Solo unos segundos más.", "Su solicitud está en curso.", "Gracias por su paciencia.",
			"No me he olvidado de usted.", "Hoy tarda un poco más.", "No cuelgue, por favor.",
			"Sigo esperando la respuesta.", "Esto necesita un poco de tiempo.", "Enseguida le digo algo más.",
			"Gracias por esperar.", "El trabajo sigue en marcha.", "Un poco más de paciencia.",
			"Ya no puede tardar mucho.", "Sigo pendiente de ello.",
		},
		Queue: []string{
			"No cuelgue, por favor.", "Enseguida le atendemos.", "Gracias por su paciencia.",
			"Conserva su turno en la cola.",
		},
		Offer:      "Para salir, pulse 1.",
		Result:     "Gracias. Su solicitud está hecha.",
		Failed:     "Lo siento, no se ha podido atender su solicitud.",
		Unreadable: "Su solicitud está hecha, pero no puedo leer el resultado. Vuelva a llamar, por favor.",
		TooLong:    "Lo siento, está tardando demasiado. Vuelva a llamar más tarde, por favor.",
		NoService:  "Lo siento, ahora mismo no es posible.",
		Goodbye:    "De acuerdo. Adiós.",
		CallAgain:  "De acuerdo. Vuelva a llamar más tarde, por favor.",
	},
}

// replacedBy returns the texts, replaced by those of other that are not empty.
func (t Texts) replacedBy(other Texts) Texts {
	t.Thanks = cmp.Or(other.Thanks, t.Thanks)
	t.Moment = cmp.Or(other.Moment, t.Moment)
	t.Offer = cmp.Or(other.Offer, t.Offer)
	t.Result = cmp.Or(other.Result, t.Result)
	t.Failed = cmp.Or(other.Failed, t.Failed)
	t.Unreadable = cmp.Or(other.Unreadable, t.Unreadable)
	t.TooLong = cmp.Or(other.TooLong, t.TooLong)
	t.NoService = cmp.Or(other.NoService, t.NoService)
	t.Goodbye = cmp.Or(other.Goodbye, t.Goodbye)
	t.CallAgain = cmp.Or(other.CallAgain, t.CallAgain)
	if len(other.Sentences) > 0 {
		t.Sentences = other.Sentences
	}
	if len(other.Queue) > 0 {
		t.Queue = other.Queue
	}
	return t
}
