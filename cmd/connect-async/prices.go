package main

import (
	"github.com/spf13/pflag"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/cost"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// priceKeys says what a file with prices may hold, for the help of the verbs that take one.
const priceKeys = `--prices names a file that replaces prices: as_of, region; in dollars voice_minute, telephony_minute
and chat_message; and in dollars per million state_transition, lambda_request, lambda_gb_second, dynamodb_write,
dynamodb_read and sqs_request.`

// priceOptions are the flags of the verbs that say what things cost.
type priceOptions struct{ file, region string }

func (o *priceOptions) add(flags *pflag.FlagSet, region string) {
	flags.StringVar(&o.file, "prices", "", "file with other prices")
	flags.StringVar(&o.region, "region", awsfacts.BigRegions()[0], region)
}

// read reads the prices. What is wrong with the file is reported.
func (o priceOptions) read(t *terminal) (awsfacts.Prices, error) {
	if !project.IsRegion(o.region) {
		return awsfacts.Prices{}, usage("%q is not a Region for --region; use one such as eu-west-2.", o.region)
	}
	prices, found := awsfacts.PricesIn(o.region), source.Findings(nil)
	if o.file != "" {
		prices, found = cost.ReadPrices(o.file, prices)
	}
	return prices, report(t.err, found)
}
