package main

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// printable is a text without what could disturb a terminal: control characters, bytes that are not text, and
// characters that reverse the order of others.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r) && !isDirectionMark(r):
			return unicode.ReplacementChar
		}
		return r
	}, strings.ReplaceAll(text, "\r\n", "\n"))
}

// isDirectionMark reports whether a character only says which direction its neighbours have, as texts in Arabic and
// Hebrew do.
func isDirectionMark(r rune) bool { return r == '\u200E' || r == '\u200F' || r == '\u061C' }

// oneLine is a printable text with every run of white space as one space, for a place in a line.
func oneLine(text string) string {
	return printable(strings.Join(strings.FieldsFunc(text, isBreak), " "))
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
