package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"sync"
)

// store keeps what the emulator does not know, and the journal. It is written after every change, since Terraform ends
// the process without asking. It takes and gives records of its own: those of a request go on being filled in.
type store struct {
	mu   sync.Mutex
	file string
	Kept map[string]map[string]record `json:"kept"` // by kind and key
	// Journal are the changes in their order: what was done, the kind and the key, with blanks between.
	Journal []string `json:"journal"`
}

func openStore(file string) (*store, error) {
	s := &store{file: file, Kept: map[string]map[string]record{}}
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("PROVIDER_STORE: %w", err)
	}
	return s, json.Unmarshal(text, s)
}

func (s *store) save() error {
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(s.file, text, 0o600)
}

// note adds a line to the journal.
func (s *store) note(what, kind, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Journal = append(s.Journal, strings.Join([]string{what, kind, key}, " "))
	return s.save()
}

func (s *store) get(kind, key string) (record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.Kept[kind][key]
	if !ok {
		return nil, errMissing
	}
	return maps.Clone(r), nil
}

func (s *store) put(kind, key string, r record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Kept[kind] == nil {
		s.Kept[kind] = map[string]record{}
	}
	s.Kept[kind][key] = maps.Clone(r)
	return s.save()
}

func (s *store) remove(kind, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.Kept[kind][key]; !ok {
		return errMissing
	}
	delete(s.Kept[kind], key)
	return s.save()
}

// each calls visit with what is kept of a kind.
func (s *store) each(kind string, visit func(record)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.Kept[kind] {
		visit(r)
	}
}
