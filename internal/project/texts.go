package project

import (
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/source"
)

// texts reads what the replies of a job say: for each language, for each occasion a text or a list of texts.
func (r *reader) texts(in *source.Reader, job string, p *Project) {
	texts := async.JobTexts{Job: job}
	for _, m := range in.Members("texts") {
		language := async.Texts{Language: m.Key, Sentences: map[string][]string{}}
		of := source.Read(r.file, m.Value, r.found)
		for _, kind := range async.TextKinds {
			if node := of.Node(kind.Name); node.Is(source.Array) {
				language.Sentences[kind.Name] = of.Strings(kind.Name)
			} else if node != nil {
				language.Sentences[kind.Name] = []string{of.String(kind.Name, "")}
			}
		}
		of.Done()
		if err := language.Check(); err != nil {
			in.Report(source.CodeBadValue, m.Pos, "the texts in "+m.Key+": "+err.Error(),
				"docs/contract.md says under \"What to say\" which texts there are.")
		}
		texts.Languages = append(texts.Languages, language)
	}
	if len(texts.Languages) > 0 {
		p.Texts = append(p.Texts, texts)
	}
}
