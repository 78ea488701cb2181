package wav

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// file is a WAV file with a chunk before its format.
func file(f format, data []byte, promised uint32) []byte {
	var b bytes.Buffer
	chunk := func(id string, size uint32, data any) {
		b.WriteString(id)
		_ = binary.Write(&b, binary.LittleEndian, size)
		_ = binary.Write(&b, binary.LittleEndian, data)
	}
	b.WriteString("RIFF\x00\x00\x00\x00WAVE")
	chunk("LIST", 3, []byte("abc\x00"))
	chunk("fmt ", 16, f)
	chunk("data", promised, data)
	return b.Bytes()
}

var prompt = format{
	Encoding: muLaw, Channels: 1, SamplesPerSecond: 8000, BytesPerSecond: 8000, BlockAlign: 1, BitsPerSample: 8,
}

func TestLength(t *testing.T) {
	got, err := Length(bytes.NewReader(file(prompt, nil, 20_000)))
	if err != nil || got != 2500*time.Millisecond {
		t.Errorf("got %v %v, want 2.5s", got, err)
	}
}

func TestRead(t *testing.T) {
	stereo := format{Encoding: linear, Channels: 2, SamplesPerSecond: 8000, BitsPerSample: 16}
	mono := func(encoding, bits uint16) format {
		return format{Encoding: encoding, Channels: 1, SamplesPerSecond: 8000, BitsPerSample: bits}
	}
	for name, test := range map[string]struct {
		format format
		data   []byte
		want   []int16
	}{
		"8 bits":         {mono(linear, 8), []byte{128, 255, 0}, []int16{0, 127 << 8, -128 << 8}},
		"16 bits":        {mono(linear, 16), []byte{1, 0, 0xff, 0xff}, []int16{1, -1}},
		"24 bits":        {mono(linear, 24), []byte{9, 1, 0, 9, 0xff, 0xff}, []int16{1, -1}},
		"32 bits":        {mono(linear, 32), []byte{9, 9, 1, 0}, []int16{1}},
		"two channels":   {stereo, []byte{2, 0, 4, 0}, []int16{3}},
		"a sample short": {stereo, []byte{2, 0, 4, 0, 1}, []int16{3}},
		"µ-law":          {mono(muLaw, 8), []byte{0xff, 0x80, 0x00}, []int16{0, 32_124, -32_124}},
		"A-law":          {mono(aLaw, 8), []byte{0xd5, 0xaa, 0x2a}, []int16{8, 32_256, -32_256}},
	} {
		got, err := Read(bytes.NewReader(file(test.format, test.data, math.MaxUint32)))
		if err != nil || got.Rate != 8000 || !slices.Equal(got.Samples, test.want) {
			t.Errorf("%s: %v %v, want %v", name, got, err, test.want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	other := format{Encoding: 85, Channels: 1, SamplesPerSecond: 8000}
	for want, data := range map[string][]byte{
		"not a WAV file":     []byte("ID3"),
		"no samples":         []byte("RIFF\x00\x00\x00\x00WAVE"),
		"encoding 85":        file(other, nil, 0),
		"how fast":           file(format{Encoding: linear, BitsPerSample: 16}, nil, 0),
		"no complete format": []byte("RIFF\x00\x00\x00\x00WAVEfmt \x02\x00\x00\x00\x01\x00"),
	} {
		if _, err := Read(bytes.NewReader(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
}

func TestWriteAndRead(t *testing.T) {
	given := Recording{Rate: 8000, Samples: []int16{0, 1, -1, math.MaxInt16, math.MinInt16}}
	var b bytes.Buffer
	if err := given.Write(&b); err != nil {
		t.Fatal(err)
	}
	length, err := Length(bytes.NewReader(b.Bytes()))
	if want := given.Length().Round(time.Millisecond); err != nil || length != want {
		t.Errorf("a length of %v %v, want %v", length, err, want)
	}
	if got, err := Read(&b); err != nil || got.Rate != 8000 || !slices.Equal(got.Samples, given.Samples) {
		t.Errorf("got %v %v", got, err)
	}
}

// TestAt: a tone keeps its length, and nearly its shape, at twice the rate and at half.
func TestAt(t *testing.T) {
	tone := Recording{Rate: 8000}
	for i := range 800 {
		tone.Samples = append(tone.Samples, int16(10_000*math.Sin(2*math.Pi*200*float64(i)/8000)))
	}
	for _, rate := range []int{4000, 8000, 11_025, 16_000} {
		got := tone.At(rate)
		if got.Rate != rate || (got.Length()-tone.Length()).Abs() > time.Millisecond {
			t.Errorf("at %d: %v, want %v", rate, got.Length(), tone.Length())
		}
		for i, s := range got.Samples {
			want := 10_000 * math.Sin(2*math.Pi*200*float64(i)/float64(rate))
			if math.Abs(float64(s)-want) > 900 {
				t.Fatalf("at %d: sample %d is %d, want about %.0f", rate, i, s, want)
			}
		}
	}
}

func TestTrim(t *testing.T) {
	for _, test := range [][2][]int16{
		{{0, 5, 200, 0, -200, 5, 0}, {200, 0, -200}}, {{200}, {200}}, {{0, 0}, {}}, {{}, {}},
	} {
		if got := (Recording{Rate: 1, Samples: test[0]}).Trim(); !slices.Equal(got.Samples, test[1]) {
			t.Errorf("%v becomes %v, want %v", test[0], got.Samples, test[1])
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(file(prompt, []byte{1, 2, 3}, 3))
	f.Add(file(format{Encoding: extensible, Channels: 2, SamplesPerSecond: 44_100, BitsPerSample: 24}, []byte{1, 2}, 2))
	f.Fuzz(func(t *testing.T, data []byte) {
		if d, err := Length(bytes.NewReader(data)); err == nil && d < 0 {
			t.Errorf("a length of %v", d)
		}
		if r, err := Read(bytes.NewReader(data)); err == nil {
			r.At(8000).Trim()
		}
	})
}
