// Package speech says how long a caller listens to a text, to SSML or to an audio prompt.
//
// AWS publishes no speech rates, so the length of a text is an estimate between two bounds: see Range. Breaks in SSML
// are exact.
//
// It imports nothing of this module. Everything in it is a value.
package speech
