// Package audio makes a call heard: texts are spoken by a program of this machine, prompts are their WAV files, and
// silence is silence.
//
// A Voice speaks each text once, when the call first says it, and tells the call how long it takes, so that the
// timeline and the sound agree; nothing is stretched. A Track takes the events of one caller and becomes a recording.
// No voice is part of this program.
//
// It imports internal/call, internal/clock, internal/flow, internal/player and internal/wav.
package audio
