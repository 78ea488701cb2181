package speech

import (
	"encoding/binary"
	"errors"
	"io"
	"time"
)

// WAV returns the length of a WAV recording from its headers. It reads no further than the start of the samples.
func WAV(r io.Reader) (time.Duration, error) {
	var riff struct {
		ID   [4]byte
		Size uint32
		Form [4]byte
	}
	err := binary.Read(r, binary.LittleEndian, &riff)
	if err != nil || riff.ID != [4]byte{'R', 'I', 'F', 'F'} || riff.Form != [4]byte{'W', 'A', 'V', 'E'} {
		return 0, errors.New("this is not a WAV file")
	}
	var bytesPerSecond uint32
	for {
		var chunk struct {
			ID   [4]byte
			Size uint32
		}
		if err := binary.Read(r, binary.LittleEndian, &chunk); err != nil {
			return 0, errors.New("this WAV file has no samples")
		}
		if chunk.ID == [4]byte{'d', 'a', 't', 'a'} {
			return wavLength(chunk.Size, bytesPerSecond)
		}
		rate, err := wavChunk(r, chunk.ID, chunk.Size)
		if err != nil {
			return 0, err
		}
		bytesPerSecond = max(bytesPerSecond, rate)
	}
}

// wavChunk reads a chunk that holds no samples. It returns the bytes per second when it is the format chunk, else 0.
func wavChunk(r io.Reader, id [4]byte, size uint32) (uint32, error) {
	rest := int64(size) + int64(size%2) // chunks are padded to an even length
	if id != [4]byte{'f', 'm', 't', ' '} {
		_, err := io.CopyN(io.Discard, r, rest)
		return 0, err
	}
	var format struct {
		Tag, Channels                    uint16
		SamplesPerSecond, BytesPerSecond uint32
	}
	if err := binary.Read(r, binary.LittleEndian, &format); err != nil {
		return 0, errors.New("this WAV file has no complete format")
	}
	_, err := io.CopyN(io.Discard, r, rest-int64(binary.Size(format)))
	return format.BytesPerSecond, err
}

func wavLength(size, bytesPerSecond uint32) (time.Duration, error) {
	if bytesPerSecond == 0 {
		return 0, errors.New("this WAV file does not say how fast it is played")
	}
	seconds := float64(size) / float64(bytesPerSecond)
	return time.Duration(seconds * float64(time.Second)).Round(time.Millisecond), nil
}
