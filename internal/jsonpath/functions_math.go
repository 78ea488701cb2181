package jsonpath

import (
	"errors"
	"math/big"
	"math/rand/v2"
)

// mathRandom draws from the given source, or, with a seed as third argument, from a generator that the seed alone
// decides.
func (c *call) mathRandom() (any, error) {
	from, err := c.whole(0)
	if err != nil {
		return nil, err
	}
	to, err := c.whole(1)
	if err != nil {
		return nil, err
	}
	if from >= to || to-from <= 0 {
		return nil, errors.New("the first number must be less than the second")
	}
	drawn, err := c.seeded()
	if err != nil {
		return nil, err
	}
	return integer(from + int64(drawn%uint64(to-from))), nil
}

func (c *call) seeded() (uint64, error) {
	if len(c.values) < 3 {
		return c.draw()
	}
	seed, err := c.whole(2)
	if err != nil {
		return 0, err
	}
	return rand.NewPCG(uint64(seed), 0).Uint64(), nil
}

func (c *call) mathAdd() (any, error) {
	a, err := c.whole(0)
	if err != nil {
		return nil, err
	}
	b, err := c.whole(1)
	if err != nil {
		return nil, err
	}
	sum := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
	if !sum.IsInt64() {
		return nil, errors.New("the sum is too large")
	}
	return integer(sum.Int64()), nil
}

func (c *call) uuid() (any, error) {
	high, err := c.draw()
	if err != nil {
		return nil, err
	}
	low, err := c.draw()
	return UUID(high, low), err
}
