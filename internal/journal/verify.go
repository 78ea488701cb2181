package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc64"
	"io/fs"
	"os"
	"runtime/debug"

	"go.etcd.io/bbolt"
	bboltErrors "go.etcd.io/bbolt/errors"

	"github.com/connect-async/connect-async/internal/local"
)

// ErrDamaged says that what is in the file is not what was written there.
var ErrDamaged = errors.New("the file is damaged, or connect-async did not write it")

// ErrFormat says that the file was written by another program, or by another version of this one.
var ErrFormat = errors.New("the file has an unknown format")

var table = crc64.MakeTable(crc64.ECMA)

// checksum is that of one value. The checksums of all values are combined by exclusive or, so that a commit needs to
// know only what it changes.
func checksum(space local.Space, key, value []byte) uint64 {
	sum := crc64.Update(0, table, []byte(space))
	sum = crc64.Update(sum, table, binary.BigEndian.AppendUint32([]byte{0}, uint32(len(key))))
	sum = crc64.Update(sum, table, key)
	return crc64.Update(sum, table, value)
}

// savedSum is what the checksums of all values must come to.
func savedSum(tx *bbolt.Tx) uint64 {
	saved := tx.Bucket(about).Get([]byte(sumKey))
	if len(saved) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(saved)
}

// verify reads the whole file without changing it. A damaged one can lead the reader anywhere, out of the memory that
// the file is mapped to, too.
func verify(path string) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil { // bbolt may keep the lock: nobody in this process can open the file after that
			err = fmt.Errorf("%w (%v)", ErrDamaged, p)
		}
	}()
	if info, err := os.Stat(path); err == nil && info.Size() == 0 {
		return fmt.Errorf("%w (it is empty)", ErrDamaged) // bbolt would make it a new one
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, PreLoadFreelist: true, Timeout: lockTimeout})
	if err != nil {
		return explained(err)
	}
	defer db.Close()
	return db.View(func(tx *bbolt.Tx) error {
		if err := checkFormat(tx); err != nil {
			return err
		}
		if err := checkSum(tx); err != nil {
			return err
		}
		var found error
		for err := range tx.Check() {
			found = err
		}
		if found != nil {
			return fmt.Errorf("%w (%v)", ErrDamaged, found)
		}
		return nil
	})
}

// explained says what an error of opening means. What the operating system says needs no explanation.
func explained(err error) error {
	var path *fs.PathError
	switch {
	case errors.As(err, &path), errors.Is(err, bboltErrors.ErrTimeout):
		return err
	case errors.Is(err, bboltErrors.ErrVersionMismatch):
		return fmt.Errorf("%w (bbolt: %w)", ErrFormat, err)
	}
	return fmt.Errorf("%w (bbolt: %w)", ErrDamaged, err)
}

func checkFormat(tx *bbolt.Tx) error {
	b := tx.Bucket(about)
	if b == nil {
		return fmt.Errorf("%w (it does not say that it is an account)", ErrFormat)
	}
	if found := b.Get([]byte(formatKey)); string(found) != format {
		return fmt.Errorf("%w (it says %q; this version reads %q)", ErrFormat, found, format)
	}
	return nil
}

// checkSum compares all values with the checksum that the last commit wrote.
func checkSum(tx *bbolt.Tx) error {
	var sum uint64
	err := tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
		if bytes.Equal(name, about) {
			return nil
		}
		return b.ForEach(func(key, value []byte) error {
			sum ^= checksum(local.Space(name), key, value)
			return nil
		})
	})
	if err == nil && sum != savedSum(tx) {
		err = fmt.Errorf("%w (the checksum is wrong)", ErrDamaged)
	}
	return err
}
