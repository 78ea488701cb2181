package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bboltErrors "go.etcd.io/bbolt/errors"

	"github.com/connect-async/connect-async/internal/local"
)

// FileName is the name of the file in the folder that Open is given.
const FileName = "account.db"

// What the file says of itself, in the bucket about.
const (
	format    = "connect-async account 1"
	formatKey = "format"
	sumKey    = "sum" // 64 bits: the checksums of all values together
)

var about = []byte("about")

// lockTimeout is how long Open waits for another process that has the file.
const lockTimeout = 200 * time.Millisecond

// ErrInUse says that another process has the file open.
var ErrInUse = errors.New("the file is in use by another process")

// Error says why a file cannot be used.
type Error struct {
	File string
	Err  error
}

// Error implements error.
func (e *Error) Error() string { return e.File + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// File is a journal in a file.
type File struct {
	db   *bbolt.DB
	name string
}

// Open opens the journal in a folder, which is made when it does not exist. Errors are *Error; the file is as it was
// then.
func Open(folder string) (*File, error) {
	path := filepath.Join(folder, FileName)
	db, err := open(folder, path)
	if errors.Is(err, bboltErrors.ErrTimeout) {
		err = ErrInUse
	}
	if err != nil {
		return nil, &Error{File: path, Err: err}
	}
	return &File{db: db, name: path}, nil
}

func open(folder, path string) (*bbolt.DB, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, err
		}
	}
	if err := verify(path); err != nil {
		return nil, err
	}
	return bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout, FreelistType: bbolt.FreelistMapType})
}

// create makes an empty journal. It gets its name when it is complete, so that no other is ever found.
func create(path string) error {
	temporary := path + ".new"
	if err := os.Remove(temporary); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err // of a process that was killed at this
	}
	db, err := bbolt.Open(temporary, 0o600, &bbolt.Options{Timeout: lockTimeout})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(about)
		if err == nil {
			err = b.Put([]byte(formatKey), []byte(format))
		}
		return err
	})
	if err = errors.Join(err, db.Close()); err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		_ = os.Remove(temporary) // the error that came first counts
		return err
	}
	syncFolder(filepath.Dir(path))
	syncFolder(filepath.Dir(filepath.Dir(path)))
	return nil
}

// syncFolder makes the names in a folder durable, where the operating system can.
func syncFolder(folder string) {
	if f, err := os.Open(folder); err == nil {
		_ = f.Sync() // not on Windows
		_ = f.Close()
	}
}

// Name is the name of the file.
func (f *File) Name() string { return f.name }

// Commit implements local.Journal.
func (f *File) Commit(changes []local.Change) error {
	return f.db.Update(func(tx *bbolt.Tx) error {
		sum := savedSum(tx)
		for _, c := range changes {
			b, err := tx.CreateBucketIfNotExists([]byte(c.Space))
			if err != nil {
				return err
			}
			b.FillPercent = 0.9 // most keys are larger than those before
			key := []byte(c.Key)
			if old := b.Get(key); old != nil {
				sum ^= checksum(c.Space, key, old)
			}
			if c.Value == nil {
				err = b.Delete(key)
			} else {
				sum ^= checksum(c.Space, key, c.Value)
				err = b.Put(key, c.Value)
			}
			if err != nil {
				return err
			}
		}
		return tx.Bucket(about).Put([]byte(sumKey), binary.BigEndian.AppendUint64(nil, sum))
	})
}

// Each implements local.Journal.
func (f *File) Each(space local.Space, prefix string, visit func(key string, value []byte) error) error {
	return f.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(space))
		if b == nil {
			return nil
		}
		cursor := b.Cursor()
		for k, v := cursor.Seek([]byte(prefix)); k != nil && bytes.HasPrefix(k, []byte(prefix)); k, v = cursor.Next() {
			if err := visit(string(k), bytes.Clone(v)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Close closes the file.
func (f *File) Close() error { return f.db.Close() }
