package cost

import (
	"fmt"
	"math"
	"strconv"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/source"
)

// perMillion is what a price file's prices are for, except those of Amazon Connect, which are for one.
const perMillion = 1e6

// ReadPrices reads a file that replaces some or all of given prices: as_of and region as text; in dollars a minute or a
// message those of Amazon Connect; the others in dollars per million.
func ReadPrices(file string, p awsfacts.Prices) (awsfacts.Prices, source.Findings) {
	node, err := source.ReadFile(file)
	if err != nil {
		return p, source.Findings{source.AsFinding(file, err)}
	}
	var found source.Findings
	in := source.Read(file, node, &found)
	p.AsOf, p.Region = in.String("as_of", p.AsOf), in.String("region", p.Region)
	p.ConnectAsOf = in.String("as_of", p.ConnectAsOf)
	for _, each := range []struct {
		key   string
		price *float64
		of    float64
	}{
		{key: "state_transition", price: &p.StateTransition, of: perMillion},
		{key: "lambda_request", price: &p.LambdaRequest, of: perMillion},
		{key: "lambda_gb_second", price: &p.LambdaGBSecond, of: perMillion},
		{key: "dynamodb_write", price: &p.DynamoDBWrite, of: perMillion},
		{key: "dynamodb_read", price: &p.DynamoDBRead, of: perMillion},
		{key: "sqs_request", price: &p.SQSRequest, of: perMillion},
		{key: "voice_minute", price: &p.VoiceMinute, of: 1},
		{key: "telephony_minute", price: &p.TelephonyMinute, of: 1},
		{key: "chat_message", price: &p.ChatMessage, of: 1},
	} {
		text := in.String(each.key, "")
		if text == "" {
			continue
		}
		dollars, ok := readDollars(text)
		if !ok {
			remedy := "Write dollars per million, such as 25.00."
			if each.of == 1 {
				remedy = "Write dollars, such as 0.038."
			}
			in.Report(source.CodeBadValue, in.Place(each.key), fmt.Sprintf("%s: %q is not a price", each.key, text),
				remedy)
			continue
		}
		*each.price = dollars / each.of
		p.TelephonyKnown = p.TelephonyKnown || each.price == &p.TelephonyMinute
	}
	in.Done()
	found.Sort()
	return p, found
}

func readDollars(text string) (dollars float64, ok bool) {
	dollars, err := strconv.ParseFloat(text, 64)
	return dollars, err == nil && dollars >= 0 && !math.IsInf(dollars, 0) && !math.IsNaN(dollars)
}
