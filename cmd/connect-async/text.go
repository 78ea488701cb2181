package main

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/connect-async/connect-async/internal/draw"
)

// oneLine is a printable text with every run of white space as one space, for a place in a line.
func oneLine(text string) string {
	return draw.Printable(strings.Join(strings.FieldsFunc(text, isBreak), " "))
}

func isBreak(r rune) bool { return r == '\n' || r == '\r' || r == '\t' || r == '\v' || r == '\f' }

// width is how many columns a text takes on a terminal: two for a character of Chinese, none for an accent.
func width(text string) int { return ansi.StringWidth(text) }

// pad fills a text up to a width.
func pad(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-width(text)))
}

// cut is the beginning of a text that fits into a width.
func cut(text string, columns int) string { return ansi.Truncate(text, columns, "…") }

// wrap breaks a text into lines that fit into a width: between words, and within a word that is too long.
func wrap(text string, columns int) []string {
	lines := strings.Split(ansi.Wrap(text, columns, " "), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}
