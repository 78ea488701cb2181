package audio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/wav"
)

// Rate is that of telephones, in samples a second.
const Rate = 8000

// rawRate is that of samples without headers: Amazon Polly's default for its output format pcm.
const rawRate = 16_000

// What a command has for the text, and for the file to write.
const (
	textMark = "{text}"
	fileMark = "{file}"
)

// speakLimit is how long a program may take for one text.
const speakLimit = time.Minute

// Program is a program that speaks texts.
type Program struct {
	Name    string
	command []string
}

// programs are looked for in this order. espeak-ng and say read the text from standard input.
var programs = []Program{
	{"flite", []string{"flite", "-t", textMark, "-o", fileMark}},
	{"espeak-ng", []string{"espeak-ng", "--stdin", "-w", fileMark}},
	{"say", []string{"say", "-f", "-", "-o", fileMark, "--file-format=WAVE", "--data-format=LEI16@16000"}},
}

// Programs are the names of the programs that Find knows.
func Programs() []string {
	var names []string
	for _, p := range programs {
		names = append(names, p.Name)
	}
	return names
}

// Find returns the first speech program that is installed. look is exec.LookPath.
func Find(look func(string) (string, error)) (p Program, ok bool) {
	for _, p := range programs {
		if _, err := look(p.command[0]); err == nil {
			return p, true
		}
	}
	return Program{}, false
}

// Command makes a program of a command line. {text} in it becomes the text, which is read from standard input
// otherwise; {file} becomes the file to write, which is standard output otherwise. Blanks separate arguments, but not
// within quotes. There is no shell.
func Command(line string) (Program, error) {
	command, err := fields(line)
	if err != nil {
		return Program{}, err
	}
	if len(command) == 0 {
		return Program{}, errors.New("the command is empty")
	}
	return Program{Name: filepath.Base(command[0]), command: command}, nil
}

// fields splits a line at blanks that are not within single or double quotes.
func fields(line string) ([]string, error) {
	var list []string
	var field strings.Builder
	var quote rune
	inside := false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, inside = r, true
		case quote == 0 && unicode.IsSpace(r):
			if inside {
				list = append(list, field.String())
			}
			inside = false
			field.Reset()
		default:
			inside = true
			field.WriteRune(r)
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote %c is not closed", quote)
	}
	if inside {
		list = append(list, field.String())
	}
	return list, nil
}

// Speak returns a text as the program speaks it, at Rate, without silence around it.
func (p Program) Speak(ctx context.Context, text string) (wav.Recording, error) {
	folder, err := os.MkdirTemp("", "connect-async-voice-")
	if err != nil {
		return wav.Recording{}, err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "spoken.wav")
	out, err := p.run(ctx, harmless(text), file)
	if err != nil {
		return wav.Recording{}, fmt.Errorf("%s: %w", p.Name, err)
	}
	if strings.Contains(strings.Join(p.command, " "), fileMark) {
		if out, err = os.ReadFile(file); err != nil {
			return wav.Recording{}, fmt.Errorf("%s wrote no file", p.Name)
		}
	}
	recording, err := read(out)
	if err != nil {
		return wav.Recording{}, fmt.Errorf("%s: %w", p.Name, err)
	}
	return recording.At(Rate).Trim(), nil
}

// harmless is a text that no program takes for an option or the name of a file, because of the blank it begins with.
func harmless(text string) string {
	return " " + strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

func (p Program) run(ctx context.Context, text, file string) ([]byte, error) {
	var real clock.Real
	ctx, cancel := real.WithDeadline(ctx, real.Now().Add(speakLimit))
	defer cancel()
	var args []string
	for _, arg := range p.command[1:] {
		args = append(args, strings.NewReplacer(textMark, text, fileMark, file).Replace(arg))
	}
	command := exec.CommandContext(ctx, p.command[0], args...)
	command.WaitDelay = time.Second
	if !strings.Contains(strings.Join(p.command, " "), textMark) {
		command.Stdin = strings.NewReader(text)
	}
	var out, complaint bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaint
	err := command.Run()
	switch said := strings.TrimSpace(complaint.String()); {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && said != "":
		return nil, fmt.Errorf("%w: %s", err, said)
	}
	return out.Bytes(), err
}

// read reads a WAV file, or samples without headers.
func read(data []byte) (wav.Recording, error) {
	if bytes.HasPrefix(data, []byte("RIFF")) {
		return wav.Read(bytes.NewReader(data))
	}
	if len(data) == 0 {
		return wav.Recording{}, errors.New("it spoke nothing; a command writes a WAV file to {file}, or to its output")
	}
	return wav.Raw(data, rawRate), nil
}
