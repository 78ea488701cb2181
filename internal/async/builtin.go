package async

import "strings"

// builtIn are the texts of the languages that there are texts in. Every waiting sentence is true whenever it is said,
// since the clock chooses it: none says how long the work takes yet, or usually. It takes at most 3 s, since its length
// decides how late the end is noticed. The long ones together last longer than noRepeat, see ring.
var builtIn = []Texts{
	{Language: "en", Sentences: map[string][]string{
		TextFirst: {"Thanks. I am working on your request."},
		TextWaiting: {
			"Still with you, while I work on it.", "Your request is being worked on.", "Thank you for your patience.",
			"I have not forgotten you.", "A request like yours takes a while.", "Please stay on the line.",
			"I am still waiting for the answer.", "This needs some time to do properly.",
			"I will tell you as soon as it is done.", "Thank you for staying with me.", "The work is going on.",
			"Please bear with me.", "I am still looking into it.", "I am keeping an eye on it.",
			"Just a little longer, please.", "You do not need to do anything.", "It is being looked after right now.",
			"Please hold on a little longer.", "I am here, and it is in hand.", "Thanks for giving me a moment.",
			"I will be back with you very soon.", "It is still in progress.",
		},
		TextLongWait: {
			"I am sorry, it is taking quite a while.", "Thank you for waiting so long.",
			"I am sorry that you have to wait.",
		},
		TextWayOut:     {"To stop, press 1."},
		TextDone:       {"Thank you. Your request has been carried out."},
		TextFailed:     {"I am sorry, your request could not be carried out."},
		TextUnreadable: {"Your request has been carried out, but I cannot read out the result. Please call again."},
		TextTooLong:    {"I am sorry, this is taking too long. Please call again later."},
		TextNoService:  {"I am sorry, I cannot do this at the moment."},
		TextStopped:    {"All right. Goodbye."},
		TextNotStopped: {"All right. Please call again later."},
	}, Remaining: []RemainingText{
		{Seconds: 10, Text: "About ten seconds more."},
		{Seconds: 20, Text: "About twenty seconds more."},
		{Seconds: 30, Text: "About half a minute more."},
		{Seconds: 60, Text: "About a minute more."},
		{Seconds: 120, Text: "About two minutes more."},
		{Seconds: 180, Text: "About three minutes more."},
	}},
	{Language: "de", Sentences: map[string][]string{
		TextFirst: {"Danke. Ich kümmere mich darum."},
		TextWaiting: {
			"Ihre Anfrage ist jetzt in Arbeit.", "Ihre Anfrage wird bearbeitet.", "Vielen Dank für Ihre Geduld.",
			"Ich habe Sie nicht vergessen.", "So etwas dauert einen Moment.", "Bitte bleiben Sie am Apparat.",
			"Ich warte noch auf die Antwort.", "Das braucht ein wenig Zeit.", "Ich melde mich bei einer Antwort.",
			"Danke, dass Sie warten.", "Die Arbeit läuft noch.", "Bitte haben Sie noch Geduld.",
			"Es wird weiter daran gearbeitet.", "Ich behalte es im Auge.", "Einen kleinen Moment noch, bitte.",
			"Sie brauchen nichts weiter zu tun.", "Es ist gerade in Arbeit.", "Ich bin noch für Sie da.",
			"Ich melde mich gleich wieder.", "Ich bin bei der Sache.", "Danke für den Augenblick.",
			"Ich kümmere mich weiter darum.",
		},
		TextLongWait: {
			"Es dauert leider eine ganze Weile.", "Danke, dass Sie so lange warten.",
			"Entschuldigen Sie bitte die Wartezeit.",
		},
		TextWayOut: {"Zum Beenden bitte die 1."},
		TextDone:   {"Vielen Dank. Ihre Anfrage ist erledigt."},
		TextFailed: {"Es tut mir leid, Ihre Anfrage konnte nicht erledigt werden."},
		TextUnreadable: {"Ihre Anfrage ist erledigt, aber ich kann das Ergebnis nicht vorlesen. " +
			"Bitte rufen Sie noch einmal an."},
		TextTooLong:    {"Es tut mir leid, das dauert zu lange. Bitte rufen Sie später noch einmal an."},
		TextNoService:  {"Es tut mir leid, das ist im Moment nicht möglich."},
		TextStopped:    {"In Ordnung. Auf Wiederhören."},
		TextNotStopped: {"In Ordnung. Bitte rufen Sie später noch einmal an."},
	}, Remaining: []RemainingText{
		{Seconds: 10, Text: "Noch etwa zehn Sekunden."},
		{Seconds: 20, Text: "Noch etwa zwanzig Sekunden."},
		{Seconds: 30, Text: "Noch etwa eine halbe Minute."},
		{Seconds: 60, Text: "Noch etwa eine Minute."},
		{Seconds: 120, Text: "Noch etwa zwei Minuten."},
		{Seconds: 180, Text: "Noch etwa drei Minuten."},
	}},
	{Language: "es", Sentences: map[string][]string{
		TextFirst: {"Gracias. Me ocupo de su solicitud."},
		TextWaiting: {
			"Sigo con esta petición.", "Su solicitud está en curso.", "Gracias por su paciencia.",
			"No me he olvidado de usted.", "Esto lleva un momento.", "No cuelgue, por favor.",
			"Sigo esperando la respuesta.", "Esto necesita un poco de tiempo.", "Le aviso cuando esté listo.",
			"Gracias por esperar.", "El trabajo sigue en marcha.", "Un poco más de paciencia.",
			"Se sigue trabajando aquí.", "Sigo pendiente de ello.", "Solo un momento más, por favor.",
			"No tiene que hacer nada más.", "Ahora mismo se está atendiendo.", "Sigo aquí, con usted.",
			"Vuelvo con usted enseguida.", "Todavía está en proceso.", "Gracias por concederme un momento.",
			"Espere un poco más, por favor.", "Sigo trabajando en ello.",
		},
		TextLongWait: {
			"Tarda ya bastante rato, lo siento.", "Gracias por esperar tanto.", "Siento que tenga que esperar.",
		},
		TextWayOut:     {"Para salir, pulse 1."},
		TextDone:       {"Gracias. Su solicitud está hecha."},
		TextFailed:     {"Lo siento, no se ha podido atender su solicitud."},
		TextUnreadable: {"Su solicitud está hecha, pero no puedo leer el resultado. Vuelva a llamar, por favor."},
		TextTooLong:    {"Lo siento, está tardando demasiado. Vuelva a llamar más tarde, por favor."},
		TextNoService:  {"Lo siento, ahora mismo no es posible."},
		TextStopped:    {"De acuerdo. Adiós."},
		TextNotStopped: {"De acuerdo. Vuelva a llamar más tarde, por favor."},
	}, Remaining: []RemainingText{
		{Seconds: 10, Text: "Unos diez segundos más."},
		{Seconds: 20, Text: "Unos veinte segundos más."},
		{Seconds: 30, Text: "Alrededor de medio minuto más."},
		{Seconds: 60, Text: "Alrededor de un minuto más."},
		{Seconds: 120, Text: "Unos dos minutos más."},
		{Seconds: 180, Text: "Unos tres minutos más."},
	}},
}

// inChat puts the built-in texts into the words of a chat.
var inChat = strings.NewReplacer(
	"stay on the line", "stay in this chat",
	"read out the result", "show you the result",
	"Please call again later", "Please try again later",
	"Please call again", "Please ask again",

	"am Apparat", "in diesem Chat",
	"nicht vorlesen", "nicht anzeigen",
	"rufen Sie später noch einmal an", "versuchen Sie es später noch einmal",
	"rufen Sie noch einmal an", "fragen Sie noch einmal",
	"Auf Wiederhören", "Auf Wiedersehen",

	"No cuelgue", "No cierre este chat",
	"leer el resultado", "mostrarle el resultado",
	"Vuelva a llamar más tarde", "Inténtelo de nuevo más tarde",
	"Vuelva a llamar", "Vuelva a preguntar",
)
