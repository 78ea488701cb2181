package awsfacts

import (
	"fmt"
	"strconv"
	"time"
)

// Seconds writes a time span as texts have it, such as 8 s.
func Seconds(d time.Duration) string { return fmt.Sprintf("%d s", int(d.Seconds())) }

// KB writes a size as texts have it, such as 32 KB.
func KB(bytes int) string { return fmt.Sprintf("%d KB", bytes/1024) }

// Days writes a time span as texts have it, such as 90 days.
func Days(d time.Duration) string { return fmt.Sprintf("%d days", int(d.Hours()/24)) }

// Thousands writes a number as texts have it, such as 256,000.
func Thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
