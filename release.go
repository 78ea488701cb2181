//go:build ignore

// Makes the archives of a release: the command for each system, with the async function's deployment packages beside
// it, so that a user needs no Go, and with the documents and examples. The same source and Go version give the same
// bytes. Run it with `make release`.
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/bundle"
)

// file is one file of an archive.
type file struct {
	name    string
	mode    fs.FileMode
	content []byte
}

// released is the time of every file in an archive. It is the earliest that a ZIP archive can hold.
var released = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func main() {
	out := flag.String("out", "dist", "folder to write")
	const all = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"
	targets := flag.String("targets", all, "systems, as GOOS/GOARCH")
	flag.Parse()
	if err := release(context.Background(), *out, strings.Split(*targets, ",")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func release(ctx context.Context, out string, targets []string) error {
	root, err := bundle.FindSource(".")
	if err != nil {
		return err
	}
	stamp, err := stamp(ctx, root)
	if err != nil {
		return err
	}
	common, err := commonFiles(ctx, root)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	var sums bytes.Buffer
	for _, target := range targets {
		goos, goarch, _ := strings.Cut(target, "/")
		command, err := build(ctx, root, goos, goarch, stamp)
		if err != nil {
			return fmt.Errorf("%s: %w", target, err)
		}
		name, archive, err := pack(goos, goarch, append([]file{command}, common...))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, name), archive, 0o644); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(archive), name)
		fmt.Printf("%s  %.1f MB\n", filepath.Join(out, name), float64(len(archive))/1e6)
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), sums.Bytes(), 0o644)
}

// commonFiles are what every archive carries.
func commonFiles(ctx context.Context, root string) ([]file, error) {
	var files []file
	for _, arch := range []string{"arm64", "amd64"} {
		archive, err := bundle.Build(ctx, root, arch)
		if err != nil {
			return nil, err
		}
		files = append(files, file{bundle.ReleasedFile(arch), 0o644, archive})
	}
	for _, name := range []string{"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, 0o644, text})
	}
	for _, folder := range []string{"docs", "examples", "integrations"} {
		below, err := filesBelow(root, folder)
		if err != nil {
			return nil, err
		}
		files = append(files, below...)
	}
	return files, nil
}

// filesBelow are the files of a folder at any depth, without what running an example leaves behind.
func filesBelow(root, folder string) (files []file, err error) {
	from := os.DirFS(root)
	err = fs.WalkDir(from, folder, func(name string, entry fs.DirEntry, err error) error {
		left := strings.HasPrefix(entry.Name(), ".") || entry.Name() == "__pycache__" || entry.Name() == "node_modules"
		switch {
		case err != nil:
			return err
		case left && entry.IsDir():
			return fs.SkipDir
		case left || entry.IsDir():
			return nil
		}
		content, err := fs.ReadFile(from, name)
		files = append(files, file{name, 0o644, content})
		return err
	})
	return files, err
}

// heading begins the newest version of the changelog.
var heading = regexp.MustCompile(`(?m)^## (\d+\.\d+\.\d+)\b`)

// stamp says in the linker's words what the command prints as its version: the newest one in the changelog, and the
// commit.
func stamp(ctx context.Context, root string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		return "", err
	}
	version := heading.FindSubmatch(text)
	if version == nil {
		return "", errors.New("CHANGELOG.md has no heading with a version, such as: ## 0.2.0, 2026-12-01")
	}
	commit := "unknown" // the source of a release may come without its history
	describe := exec.CommandContext(ctx, "git", "-C", root,
		"describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
	describe.WaitDelay = time.Second
	if out, err := describe.Output(); err == nil {
		commit = strings.TrimSpace(string(out))
	}
	return fmt.Sprintf("-X main.releaseVersion=%s -X main.releaseCommit=%s", version[1], commit), nil
}

func build(ctx context.Context, root, goos, goarch, stamp string) (file, error) {
	dir, err := os.MkdirTemp("", "connect-async-release-*")
	if err != nil {
		return file{}, err
	}
	defer os.RemoveAll(dir)
	name := "connect-async"
	if goos == "windows" {
		name += ".exe"
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= "+stamp,
		"-o", filepath.Join(dir, name), "./cmd/connect-async")
	cmd.Dir, cmd.WaitDelay = root, time.Second
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch, "GOFLAGS=-mod=readonly")
	if text, err := cmd.CombinedOutput(); err != nil {
		return file{}, errors.New(strings.TrimSpace(string(text)))
	}
	program, err := os.ReadFile(filepath.Join(dir, name))
	return file{name, 0o755, program}, err
}

// pack makes a ZIP archive for Windows and a compressed tar archive for the others.
func pack(goos, goarch string, files []file) (name string, archive []byte, err error) {
	folder := "connect-async-" + goos + "-" + goarch
	var b bytes.Buffer
	if goos == "windows" {
		err = writeZip(&b, folder, files)
		return folder + ".zip", b.Bytes(), err
	}
	err = writeTar(&b, folder, files)
	return folder + ".tar.gz", b.Bytes(), err
}

func writeZip(out io.Writer, folder string, files []file) error {
	w := zip.NewWriter(out)
	for _, f := range files {
		header := &zip.FileHeader{Name: folder + "/" + f.name, Method: zip.Deflate, Modified: released}
		header.SetMode(f.mode)
		part, err := w.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := part.Write(f.content); err != nil {
			return err
		}
	}
	return w.Close()
}

func writeTar(out io.Writer, folder string, files []file) error {
	compressed, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	w := tar.NewWriter(compressed)
	for _, f := range files {
		header := &tar.Header{Name: folder + "/" + f.name, Mode: int64(f.mode), Size: int64(len(f.content)),
			ModTime: released, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(header); err != nil {
			return err
		}
		if _, err := w.Write(f.content); err != nil {
			return err
		}
	}
	return errors.Join(w.Close(), compressed.Close())
}
