package remote_test

import "testing"

func TestSpeechMarks(t *testing.T) {
	const marks = `{"time":1082,"type":"viseme","value":"sil"}`
	e := &endpoint{answers: map[string]string{
		`"Engine":"neural","OutputFormat":"json","SpeechMarkTypes":["sentence","viseme"],"Text":"Thanks.",` +
			`"VoiceId":"Joanna"`: marks,
	}}
	c := cloudOf(t, e)
	got, err := c.SpeechMarks(t.Context(), "Joanna", "neural", "Thanks.")
	if err != nil || string(got) != marks || e.asked[0] != "POST /v1/speech eu-west-1/polly" {
		t.Errorf("%s %v, asked %q", got, err, e.asked)
	}
	if _, err := c.SpeechMarks(t.Context(), "Nobody", "neural", "Thanks."); err == nil {
		t.Error("an unknown voice has no error")
	}
}
