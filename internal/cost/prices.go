package cost

import (
	"fmt"
	"math"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/source"
)

// Prices are in US dollars each.
type Prices struct {
	AsOf, Region    string
	StateTransition float64
	LambdaRequest   float64
	LambdaGBSecond  float64
	DynamoDBWrite   float64
	DynamoDBRead    float64
}

// DefaultPrices are those of awsfacts, for functions on arm64.
func DefaultPrices() Prices {
	return Prices{
		AsOf:            awsfacts.PricesAsOf,
		Region:          awsfacts.PricesRegion,
		StateTransition: awsfacts.StateTransition,
		LambdaRequest:   awsfacts.LambdaRequest,
		LambdaGBSecond:  awsfacts.LambdaGBSecondARM64,
		DynamoDBWrite:   awsfacts.DynamoDBWrite,
		DynamoDBRead:    awsfacts.DynamoDBRead,
	}
}

// perMillion is what a price file's prices are for.
const perMillion = 1e6

// ReadPrices reads a file that replaces some or all of the default prices: as_of and region as text, the others in
// dollars per million.
func ReadPrices(file string) (Prices, source.Findings) {
	p := DefaultPrices()
	node, err := source.ReadFile(file)
	if err != nil {
		return p, source.Findings{source.AsFinding(file, err)}
	}
	var found source.Findings
	in := source.Read(file, node, &found)
	p.AsOf, p.Region = in.String("as_of", p.AsOf), in.String("region", p.Region)
	for key, price := range map[string]*float64{
		"state_transition": &p.StateTransition,
		"lambda_request":   &p.LambdaRequest,
		"lambda_gb_second": &p.LambdaGBSecond,
		"dynamodb_write":   &p.DynamoDBWrite,
		"dynamodb_read":    &p.DynamoDBRead,
	} {
		text := in.String(key, "")
		if text == "" {
			continue
		}
		dollars, ok := readDollars(text)
		if !ok {
			in.Report(source.CodeBadValue, in.Place(key), fmt.Sprintf("%s: %q is not a price", key, text),
				"Write dollars per million, such as 25.00.")
			continue
		}
		*price = dollars / perMillion
	}
	in.Done()
	found.Sort()
	return p, found
}

func readDollars(text string) (dollars float64, ok bool) {
	n, err := fmt.Sscanf(text, "%g", &dollars)
	return dollars, n == 1 && err == nil && dollars >= 0 && !math.IsInf(dollars, 0) && !math.IsNaN(dollars)
}
