package jsonpath

import (
	"errors"
	"fmt"
)

// maxRange is the number of elements that States.ArrayRange may give (AWS developer guide).
const maxRange = 1000

func (c *call) array() (any, error) { return append([]any{}, c.values...), nil }

func (c *call) arrayPartition() (any, error) {
	list, err := c.list(0)
	if err != nil {
		return nil, err
	}
	size, err := c.whole(1)
	if err != nil {
		return nil, err
	}
	if size < 1 {
		return nil, fmt.Errorf("the size of a part must be positive, but is %d", size)
	}
	parts := []any{}
	for len(list) > 0 {
		n := min(size, int64(len(list)))
		parts = append(parts, list[:n:n])
		list = list[n:]
	}
	return parts, nil
}

func (c *call) arrayContains() (any, error) {
	list, err := c.list(0)
	return contains(list, c.values[1]), err
}

func (c *call) arrayRange() (any, error) {
	var limits [3]int64
	for i := range limits {
		var err error
		if limits[i], err = c.whole(i); err != nil {
			return nil, err
		}
	}
	first, last, step := limits[0], limits[1], limits[2]
	if step == 0 {
		return nil, errors.New("the step must not be 0")
	}
	numbers := []any{}
	for n := first; (step > 0 && n <= last) || (step < 0 && n >= last); n += step {
		if len(numbers) == maxRange {
			return nil, fmt.Errorf("the array would have more than %d elements", maxRange)
		}
		numbers = append(numbers, integer(n))
		if sum := n + step; (sum > n) != (step > 0) {
			break // the next number would be none of 64 bits
		}
	}
	return numbers, nil
}

func (c *call) arrayGetItem() (any, error) {
	list, err := c.list(0)
	if err != nil {
		return nil, err
	}
	i, err := c.whole(1)
	if err != nil {
		return nil, err
	}
	if i < 0 || i >= int64(len(list)) {
		return nil, fmt.Errorf("the index %d is outside of the array, which has %d elements", i, len(list))
	}
	return list[i], nil
}

func (c *call) arrayLength() (any, error) {
	list, err := c.list(0)
	return integer(len(list)), err
}

func (c *call) arrayUnique() (any, error) {
	list, err := c.list(0)
	if err != nil {
		return nil, err
	}
	unique := []any{}
	for _, element := range list {
		if !contains(unique, element) {
			unique = append(unique, element)
		}
	}
	return unique, nil
}
