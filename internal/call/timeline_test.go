package call

import (
	"reflect"
	"testing"
	"time"
)

func TestDeadAir(t *testing.T) {
	const s = time.Second
	for _, test := range []struct {
		name    string
		covered []span
		want    []span
	}{
		{"nothing heard", nil, []span{{0, 10 * s}}},
		{"all heard", []span{{0, 10 * s}}, nil},
		{"between", []span{{1 * s, 3 * s}, {4 * s, 9 * s}}, []span{{0, 1 * s}, {3 * s, 4 * s}, {9 * s, 10 * s}}},
		{"out of order and overlapping", []span{{5 * s, 10 * s}, {0, 4 * s}, {1 * s, 2 * s}}, []span{{4 * s, 5 * s}}},
		{"touching", []span{{0, 5 * s}, {5 * s, 10 * s}}, nil},
		{"too short to hear", []span{{0, 5 * s}, {5*s + 9*time.Millisecond, 10 * s}}, nil},
	} {
		got := deadAir(test.covered, 10*s)
		if len(got)+len(test.want) > 0 && !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}

func TestTotal(t *testing.T) {
	sum, longest, at := total([]span{{0, 2}, {5, 10}, {11, 12}})
	if sum != 8 || longest != 5 || at != 5 {
		t.Errorf("sum %d, longest %d at %d", sum, longest, at)
	}
}
