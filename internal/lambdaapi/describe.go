package lambdaapi

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/function"
)

// configuration is what is told about a function: the fields of FunctionConfiguration (API reference) that mean
// something on this machine. Variables are not among them.
type configuration struct {
	FunctionName     string
	FunctionArn      string
	Runtime          string `json:",omitempty"`
	Handler          string `json:",omitempty"`
	Timeout          int    // seconds
	MemorySize       int    // MB
	Version          string
	State            string
	LastUpdateStatus string
	PackageType      string
}

func describe(f Function, arn string) configuration {
	s := f.Spec
	return configuration{
		FunctionName: s.Name, FunctionArn: arn, Runtime: s.Runtime, Handler: s.Handler,
		Timeout: int(s.Timeout.Seconds()), MemorySize: s.MemoryMB, Version: cmp.Or(s.Version, "$LATEST"),
		State: "Active", LastUpdateStatus: "Successful", PackageType: "Zip",
	}
}

func (a *API) getConfiguration(w http.ResponseWriter, r *http.Request) {
	f, refused := a.find(r)
	if refused != nil {
		fail(w, refused)
		return
	}
	writeJSON(w, http.StatusOK, describe(f.Function, f.arn()))
}

func (a *API) getFunction(w http.ResponseWriter, r *http.Request) {
	f, refused := a.find(r)
	if refused != nil {
		fail(w, refused)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"Configuration": describe(f.Function, f.arn()),
		"Tags":          map[string]string{},
		"Concurrency":   concurrency(f.Spec),
	})
}

func concurrency(s function.Spec) map[string]int {
	if s.Concurrency == 0 {
		return map[string]int{}
	}
	return map[string]int{"ReservedConcurrentExecutions": s.Concurrency}
}

// maxItems is the size of a page of ListFunctions: API reference.
const maxItems = 50

// listFunctions answers in alphabetical order; the marker is the name that the next page begins with.
func (a *API) listFunctions(w http.ResponseWriter, r *http.Request) {
	size := maxItems
	if text := r.URL.Query().Get("MaxItems"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 10000 {
			fail(w, invalid("1 validation error detected: Value '"+text+"' at 'maxItems' failed to satisfy "+
				"constraint: Member must be between 1 and 10000"))
			return
		}
		size = min(n, maxItems)
	}
	all := a.served.Load()
	first, _ := slices.BinarySearchFunc(all.names, r.URL.Query().Get("Marker"), strings.Compare)
	page := struct {
		Functions  []configuration
		NextMarker string `json:",omitempty"`
	}{Functions: []configuration{}}
	for i, name := range all.names[first:] {
		if i == size {
			page.NextMarker = name
			break
		}
		page.Functions = append(page.Functions, describe(all.byName[name], all.byName[name].Spec.ARN))
	}
	writeJSON(w, http.StatusOK, page)
}
