package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/audio"
	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/wav"
)

// sound is what `call --audio` makes of a call. A nil sound makes nothing.
type sound struct {
	file    string
	program audio.Program
	voice   *audio.Voice
	tracks  map[int]*audio.Track // by caller; only of those who listen
}

// newSound finds what speaks, and reads the prompts. In real time the texts that are known before the call are spoken
// before it, so that the caller need not wait for them.
func (o callOptions) newSound(ctx context.Context, p *project.Project, given scenario.Scenario) (*sound, error) {
	if o.audio == "" {
		if o.voiceCommand != "" {
			return nil, usage("--voice-command speaks for --audio FILE.wav, which is missing.")
		}
		return nil, nil
	}
	program, err := o.program()
	if err != nil {
		return nil, err
	}
	s := &sound{file: o.audio, program: program, voice: audio.NewVoice(ctx, program), tracks: map[int]*audio.Track{}}
	prompts, err := readPrompts(p)
	if err != nil {
		return nil, err
	}
	for i, caller := range given.Callers {
		if caller.Channel == flow.Voice {
			s.tracks[i] = audio.NewTrack(s.voice, prompts)
		}
	}
	if len(s.tracks) == 0 {
		return nil, usage("nobody listens: --audio needs a caller with channel: VOICE in the scenario.")
	}
	return s, s.tryOut(p, o.fast)
}

// tryOut speaks what is known before the call, in real time all of it, and otherwise one text: a program that does not
// work is better noticed now than after the call.
func (s *sound) tryOut(p *project.Project, fast bool) error {
	texts := []string{"Hello."}
	if p != nil {
		if known := textsOf(p, "en"); len(known) > 0 {
			texts = known
		}
	}
	if fast {
		texts = texts[:1]
	}
	for _, text := range texts {
		s.voice.Speak(text)
	}
	return s.failed()
}

// failed says that the program which speaks has failed, nil when it has not.
func (s *sound) failed() error {
	if err := s.voice.Err(); err != nil {
		return usage("the call could not be spoken: %v.\nUse another program with --voice-command 'COMMAND {text} "+
			"{file}'. Nothing was written.", err)
	}
	return nil
}

// program is what speaks: the user's command, or the first program that is installed.
func (o callOptions) program() (audio.Program, error) {
	if o.voiceCommand != "" {
		program, err := audio.Command(o.voiceCommand)
		if err != nil {
			return program, usage("--voice-command %q: %v.\nWrite a command such as "+
				"'espeak-ng -v en-gb -w {file} {text}'.", o.voiceCommand, err)
		}
		return program, nil
	}
	program, ok := audio.Find(exec.LookPath)
	if !ok {
		return program, usage("no program that speaks was found (%s).\nInstall one of them, or give "+
			"--voice-command 'COMMAND {text} {file}'.", strings.Join(audio.Programs(), ", "))
	}
	return program, nil
}

// readPrompts reads the project's recordings, by the names that a call has for them.
func readPrompts(p *project.Project) (map[string]wav.Recording, error) {
	prompts := map[string]wav.Recording{}
	if p == nil {
		return prompts, nil
	}
	for prompt, file := range p.Prompts {
		f, err := os.Open(file)
		if err != nil {
			continue // the call reports it
		}
		recording, err := wav.Read(bufio.NewReader(f))
		f.Close()
		if err != nil {
			return nil, usage("%s: %v.", file, err)
		}
		prompts[player.RecordingName(prompt)] = recording.At(audio.Rate)
	}
	return prompts, nil
}

// over is the voice of the call, nil for none.
func (s *sound) over() func(player.Voice) player.Voice {
	if s == nil {
		return nil
	}
	return s.voice.Over
}

// name is that of the program that speaks.
func (s *sound) name() string {
	if s == nil {
		return ""
	}
	return s.program.Name
}

// hear adds what is heard of an event.
func (s *sound) hear(e call.Event) {
	if s == nil {
		return
	}
	if track := s.tracks[e.Caller]; track != nil {
		track.Event(e)
	}
}

// write writes a file for each caller who listened: FILE.wav, FILE-2.wav.
func (s *sound) write(t *terminal) error {
	if s == nil {
		return nil
	}
	if err := s.failed(); err != nil {
		return err
	}
	for _, caller := range slices.Sorted(maps.Keys(s.tracks)) {
		name := s.file
		if extension := filepath.Ext(name); caller > 0 {
			name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, extension), caller+1, extension)
		}
		recording := s.tracks[caller].Recording()
		if err := writeFile(name, func(w io.Writer) error { return recording.Write(w) }); err != nil {
			return reportError(t, name, err)
		}
		fmt.Fprintf(t.err, "Wrote %s, %s spoken by %s.\n", name, call.Spell(recording.Length()), s.name())
	}
	return nil
}
