package lint

// near reports whether two words differ in at most two letters, and agree in most.
func near(a, b string) bool {
	if len(a)-len(b) > 2 || len(b)-len(a) > 2 || min(len(a), len(b)) < 6 {
		return false
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)] <= 2
}
