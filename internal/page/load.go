package page

import (
	"context"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
)

// Load plays many callers at once, until ctx is done. Its error says what is wrong with the question.
type Load func(ctx context.Context, q LoadQuestion) (LoadAnswer, error)

// LoadQuestion is what somebody asks on the page, in the words of the command `load`.
type LoadQuestion struct {
	Arrivals string `json:"arrivals"`
	Takes    string `json:"takes"`    // "" for what the scenario says
	Patience string `json:"patience"` // "" for callers who never hang up
	Results  string `json:"results"`  // "" for what the project says
	Capacity bool   `json:"capacity"` // how many callers are too many
}

// LoadAnswer is what it came to.
type LoadAnswer struct {
	Text  string
	Plot  []byte // SVG
	Shows string // what the plot shows
}

// loadView is an answer as the page has it.
type loadView struct {
	Text  string `json:"text"`
	Shows string `json:"shows"`
	Plot  shape  `json:"plot"`
}

// shape is an element of a drawing. The page makes elements of it one by one: it never reads markup, and its policy
// allows no styles that a document brings along.
type shape struct {
	Name       string            `json:"name"`
	Attributes map[string]string `json:"attributes"`
	Style      map[string]string `json:"style"`
	Text       string            `json:"text"`
	Children   []shape           `json:"children"`
}

// shapes are the elements that a plot is made of.
var shapes = []string{"svg", "g", "path", "text", "rect", "line", "polyline", "polygon", "circle"}

// element is an element of an SVG file.
type element struct {
	XMLName    xml.Name
	Attributes []xml.Attr `xml:",any,attr"`
	Text       string     `xml:",chardata"`
	Children   []element  `xml:",any"`
}

// shape leaves out elements that draw nothing, and names of other namespaces.
func (e element) shape() shape {
	s := shape{Name: e.XMLName.Local, Attributes: map[string]string{}, Style: map[string]string{},
		Text: strings.TrimSpace(e.Text), Children: []shape{}}
	for _, a := range e.Attributes {
		switch {
		case a.Name.Space != "" || a.Name.Local == "xmlns":
		case a.Name.Local != "style":
			s.Attributes[a.Name.Local] = a.Value
		default:
			for rule := range strings.SplitSeq(a.Value, ";") {
				if name, value, ok := strings.Cut(rule, ":"); ok {
					s.Style[strings.TrimSpace(name)] = strings.TrimSpace(value)
				}
			}
		}
	}
	for _, child := range e.Children {
		if slices.Contains(shapes, child.XMLName.Local) {
			s.Children = append(s.Children, child.shape())
		}
	}
	return s
}

// load plays many callers, for one question after the other. A question is dropped when the page takes it back, or the
// browser goes away.
func (s *Server) load(r *http.Request) (any, error) {
	var q LoadQuestion
	if err := read(r, &q); err != nil {
		return nil, err
	}
	if s.options.Load == nil {
		return nil, refused("this page plays one call at a time")
	}
	select {
	case s.loading <- struct{}{}:
		defer func() { <-s.loading }()
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	answer, err := s.options.Load(r.Context(), q)
	if err != nil {
		return nil, refused(err.Error())
	}
	var svg element
	if err := xml.Unmarshal(answer.Plot, &svg); err != nil {
		return nil, err
	}
	return loadView{Text: answer.Text, Shows: answer.Shows, Plot: svg.shape()}, nil
}
