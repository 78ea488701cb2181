package remote

import (
	"context"
	"encoding/json"
	"net/http"
)

// SpeechMarks asks Amazon Polly for the speech marks of a plain text: the sentences in it, and the visemes with their
// times. Shape: the SDK's service model (Polly 2016-06-10, SynthesizeSpeech, REST with JSON).
func (c *Cloud) SpeechMarks(ctx context.Context, voice, engine, text string) ([]byte, error) {
	body, err := json.Marshal(map[string]any{"VoiceId": voice, "Engine": engine, "Text": text, "OutputFormat": "json",
		"SpeechMarkTypes": []string{"sentence", "viseme"}})
	if err != nil {
		return nil, err
	}
	return c.polly.send(ctx, http.MethodPost, "/v1/speech", "application/json", body)
}
