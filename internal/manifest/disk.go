package manifest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Disk is where files are written. The zero Disk is the real one.
type Disk struct {
	// Before is called before every change with what is changed. Its error is that of the change, which does not happen
	// then. Tests end a run with it at any change; nil for none.
	Before func(path string) error
}

func (d Disk) before(path string) error {
	if d.Before == nil {
		return nil
	}
	return d.Before(path)
}

func (d Disk) mkdir(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	if err := d.before(dir); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o755)
}

func (d Disk) write(path string, content []byte, mode fs.FileMode) error {
	if err := d.before(path); err != nil {
		return err
	}
	return errors.Join(os.WriteFile(path, content, mode), os.Chmod(path, mode))
}

func (d Disk) rename(from, to string) error {
	if err := d.mkdir(filepath.Dir(to)); err != nil {
		return err
	}
	if err := d.before(to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

func (d Disk) remove(path string) error {
	if err := d.before(path); err != nil {
		return err
	}
	return os.Remove(path)
}

func (d Disk) removeAll(dir string) error {
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := d.before(dir); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
