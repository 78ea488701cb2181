package wav

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/zaf/g711"
)

// Recording is one channel of sound.
type Recording struct {
	Rate    int // samples a second
	Samples []int16
}

// MaxBytes is how much of a file Read takes: an hour of 16-bit stereo at 44.1 kHz and more. Connect's prompts have at
// most 50 MB (Administrator Guide, "Create prompts").
const MaxBytes = 800 << 20

// Read reads a recording. Several channels become one, their mean. Samples that the headers promise and the file does
// not have are left out.
func Read(r io.Reader) (Recording, error) {
	f, size, err := readHeaders(r)
	if err != nil {
		return Recording{}, err
	}
	if f.SamplesPerSecond == 0 || f.SamplesPerSecond > 1_000_000 || f.Channels == 0 {
		return Recording{}, errors.New("this WAV file does not say how fast it is played")
	}
	width, decode := decoder(f)
	if decode == nil {
		return Recording{}, fmt.Errorf("this WAV file has samples of encoding %d with %d bits; the encodings that can "+
			"be read are linear (1) with 8, 16, 24 or 32 bits, A-law (6) and µ-law (7)", f.Encoding, f.BitsPerSample)
	}
	data, err := io.ReadAll(io.LimitReader(r, min(int64(size), MaxBytes)))
	if err != nil {
		return Recording{}, err
	}
	return Recording{Rate: int(f.SamplesPerSecond), Samples: mixed(data, width, int(f.Channels), decode)}, nil
}

// mixed decodes whole frames, each a sample of every channel.
func mixed(data []byte, width, channels int, decode func([]byte) int16) []int16 {
	frame := width * channels
	samples := make([]int16, 0, len(data)/frame)
	for ; len(data) >= frame; data = data[frame:] {
		sum := 0
		for c := range channels {
			sum += int(decode(data[c*width : (c+1)*width]))
		}
		samples = append(samples, int16(sum/channels))
	}
	return samples
}

// decoder returns how many bytes a sample has, and what makes 16 bits of them; nil when the encoding is unknown.
func decoder(f format) (width int, decode func([]byte) int16) {
	switch {
	case f.Encoding == muLaw:
		return 1, func(b []byte) int16 { return g711.DecodeUlawFrame(b[0]) }
	case f.Encoding == aLaw:
		return 1, func(b []byte) int16 { return g711.DecodeAlawFrame(b[0]) }
	case f.Encoding != linear:
		return 0, nil
	}
	switch f.BitsPerSample {
	case 8: // unsigned, as the only one
		return 1, func(b []byte) int16 { return (int16(b[0]) - 128) << 8 }
	case 16, 24, 32: // the highest two bytes stand last
		width := int(f.BitsPerSample / 8)
		return width, func(b []byte) int16 { return int16(binary.LittleEndian.Uint16(b[width-2:])) }
	}
	return 0, nil
}

// Raw are 16-bit samples without headers, as Amazon Polly's output format pcm has them.
func Raw(data []byte, rate int) Recording {
	return Recording{Rate: rate, Samples: mixed(data, 2, 1, func(b []byte) int16 {
		return int16(binary.LittleEndian.Uint16(b))
	})}
}

// Length is how long the recording takes.
func (r Recording) Length() time.Duration {
	return time.Duration(float64(len(r.Samples)) / float64(r.Rate) * float64(time.Second))
}

// At returns the recording with another rate. What lies between two samples is interpolated; where there are more
// samples than are wanted, each new one is the mean of those it takes the place of.
func (r Recording) At(rate int) Recording {
	if rate == r.Rate || len(r.Samples) == 0 {
		return Recording{Rate: rate, Samples: r.Samples}
	}
	step := float64(r.Rate) / float64(rate)
	samples := make([]int16, int(float64(len(r.Samples))/step))
	for i := range samples {
		from := float64(i) * step
		if step > 1 {
			samples[i] = mean(r.Samples[int(from):min(int(from+step), len(r.Samples))])
		} else {
			samples[i] = r.between(from)
		}
	}
	return Recording{Rate: rate, Samples: samples}
}

func (r Recording) between(at float64) int16 {
	i := int(at)
	next := r.Samples[min(i+1, len(r.Samples)-1)]
	return int16(float64(r.Samples[i]) + (float64(next)-float64(r.Samples[i]))*(at-float64(i)))
}

func mean(samples []int16) int16 {
	sum := 0
	for _, s := range samples {
		sum += int(s)
	}
	return int16(sum / max(len(samples), 1))
}

// inaudible is the loudness, of 32,768, below which a speech program's silence lies.
const inaudible = 100

// Trim leaves out the silence before and after the sound.
func (r Recording) Trim() Recording {
	loud := func(s int16) bool { return s > inaudible || s < -inaudible }
	from, to := 0, len(r.Samples)
	for from < to && !loud(r.Samples[from]) {
		from++
	}
	for to > from && !loud(r.Samples[to-1]) {
		to--
	}
	return Recording{Rate: r.Rate, Samples: r.Samples[from:to]}
}

// Write writes a WAV file of 16-bit samples.
func (r Recording) Write(w io.Writer) error {
	size := uint32(2 * len(r.Samples))
	rate := uint32(r.Rate)
	for _, part := range []any{
		[]byte("RIFF"), 36 + size, []byte("WAVEfmt "), uint32(16),
		format{Encoding: linear, Channels: 1, SamplesPerSecond: rate, BytesPerSecond: 2 * rate, BlockAlign: 2,
			BitsPerSample: 16},
		[]byte("data"), size, r.Samples,
	} {
		if err := binary.Write(w, binary.LittleEndian, part); err != nil {
			return err
		}
	}
	return nil
}
