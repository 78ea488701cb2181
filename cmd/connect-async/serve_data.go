package main

import (
	"errors"
	"fmt"

	"github.com/connect-async/connect-async/internal/journal"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/source"
)

// The codes of what is wrong with the file of --data.
const (
	codeDataInUse   = "data-in-use"
	codeDataDamaged = "data-damaged"
	codeDataFormat  = "data-format"
	codeDataFile    = "data-file"
)

// serveData is the file in which `serve --data` keeps the account.
type serveData struct {
	file *journal.File
}

// openData opens the file in a folder; nil when no folder is named. A file that cannot be used stays as it is.
func openData(folder string) (*serveData, source.Findings) {
	if folder == "" {
		return nil, nil
	}
	file, err := journal.Open(folder)
	if err != nil {
		return nil, source.Findings{dataFinding(folder, err)}
	}
	return &serveData{file: file}, nil
}

// dataFinding says why a file cannot be used, and what can be done.
func dataFinding(folder string, err error) source.Finding {
	f := source.Finding{
		Code: codeDataFile, Severity: source.Error, File: folder, Message: err.Error(),
		Remedy: "Choose a folder in which this program may write.",
	}
	if of, ok := errors.AsType[*journal.Error](err); ok {
		f.File, f.Message = of.File, of.Err.Error()
	}
	const other = " Name another folder with --data, or move the file away to begin empty."
	switch {
	case errors.Is(err, journal.ErrInUse):
		f.Code, f.Remedy = codeDataInUse, "Stop the server that uses it, or name another folder with --data."
	case errors.Is(err, journal.ErrDamaged):
		f.Code, f.Remedy = codeDataDamaged, "Restore the file from a copy."+other
	case errors.Is(err, journal.ErrFormat):
		f.Code, f.Remedy = codeDataFormat, "Use the version that wrote it."+other
	}
	return f
}

// keep restores the account from the file, and keeps it there from now on. broken gets the error after which nothing
// can be kept any more.
func (d *serveData) keep(account *local.Account, broken chan<- error) source.Findings {
	err := account.Keep(d.file, func(err error) {
		select {
		case broken <- fmt.Errorf("%s: %w", d.file.Name(), err):
		default: // the first one counts
		}
	})
	if err != nil {
		return source.Findings{dataFinding(d.file.Name(), fmt.Errorf("%w (%w)", journal.ErrFormat, err))}
	}
	return nil
}

// close closes the file.
func (d *serveData) close() {
	if d != nil {
		_ = d.file.Close() // everything in it is durable already
	}
}
