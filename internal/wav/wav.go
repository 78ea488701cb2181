// Package wav reads and writes recordings in WAV files, as Amazon Connect's prompts and the programs that speak use
// them: linear samples of 8 to 32 bits, µ-law and A-law.
//
// It imports nothing of this module and keeps no state.
package wav

import (
	"encoding/binary"
	"errors"
	"io"
	"time"
)

// The codes of encodings, as the format chunk has them. Source: Microsoft, "Multiple channel audio data
// and WAVE files".
const (
	linear     = 1
	aLaw       = 6
	muLaw      = 7
	extensible = 0xfffe // the encoding is in the extension
)

// format is the format chunk.
type format struct {
	Encoding, Channels               uint16
	SamplesPerSecond, BytesPerSecond uint32
	BlockAlign, BitsPerSample        uint16
}

// Length returns the length of a recording from its headers. It reads no further than the start of the samples.
func Length(r io.Reader) (time.Duration, error) {
	f, size, err := readHeaders(r)
	if err != nil {
		return 0, err
	}
	if f.BytesPerSecond == 0 {
		return 0, errors.New("this WAV file does not say how fast it is played")
	}
	seconds := float64(size) / float64(f.BytesPerSecond)
	return time.Duration(seconds * float64(time.Second)).Round(time.Millisecond), nil
}

// readHeaders reads up to the samples, and returns how many bytes they say they have.
func readHeaders(r io.Reader) (f format, size uint32, err error) {
	var riff struct {
		ID   [4]byte
		Size uint32
		Form [4]byte
	}
	err = binary.Read(r, binary.LittleEndian, &riff)
	if err != nil || riff.ID != [4]byte{'R', 'I', 'F', 'F'} || riff.Form != [4]byte{'W', 'A', 'V', 'E'} {
		return f, 0, errors.New("this is not a WAV file")
	}
	for {
		var chunk struct {
			ID   [4]byte
			Size uint32
		}
		if err := binary.Read(r, binary.LittleEndian, &chunk); err != nil {
			return f, 0, errors.New("this WAV file has no samples")
		}
		switch chunk.ID {
		case [4]byte{'d', 'a', 't', 'a'}:
			return f, chunk.Size, nil
		case [4]byte{'f', 'm', 't', ' '}:
			f, err = readFormat(r, padded(chunk.Size))
		default:
			_, err = io.CopyN(io.Discard, r, padded(chunk.Size))
		}
		if err != nil {
			return f, 0, err
		}
	}
}

// padded is the size of a chunk in the file: even.
func padded(size uint32) int64 { return int64(size) + int64(size%2) }

// readFormat reads the format chunk, which may have an extension.
func readFormat(r io.Reader, size int64) (f format, err error) {
	incomplete := errors.New("this WAV file has no complete format")
	if err := binary.Read(r, binary.LittleEndian, &f); err != nil {
		return f, incomplete
	}
	size -= int64(binary.Size(f))
	if f.Encoding == extensible && size >= 10 {
		var extension struct {
			Size, ValidBits uint16
			Speakers        uint32
			Encoding        uint16
		}
		if err := binary.Read(r, binary.LittleEndian, &extension); err != nil {
			return f, incomplete
		}
		f.Encoding, size = extension.Encoding, size-int64(binary.Size(extension))
	}
	if size < 0 {
		return f, incomplete
	}
	_, err = io.CopyN(io.Discard, r, size)
	return f, err
}
