package instancetest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Thing is something that an instance lists: a prompt, queue, hours of operation, an agent or a task template.
type Thing struct{ ID, Name string }

// Server is an instance of Amazon Connect.
type Server struct {
	ARN      string
	URL      string
	Things   map[string][]Thing // by resource of their ARNs, such as operating-hours
	Flows    []*Flow            // flows and modules
	PageSize int                // most things on a page, 0 for as many as are asked for
	Throttle int                // how many of the next requests are throttled
	Deny     string             // the operation that is not allowed
	Now      func() time.Time   // when a request comes; nil when nobody asks

	ForgetsDrafts bool // nothing is saved of a flow once it is published, which is not known of AWS

	Asked []string    // operations, in their order
	Times []time.Time // of the requests, throttled ones included
}

// Flow is a flow or module of an instance.
type Flow struct {
	ID, Name, Type string
	Published      string // content, "" when it was never published
	Saved          string // content that is saved and not published, "" when there is none
	Settings       string // of a module
	Archived       bool
}

// New starts an instance without anything in it. It runs until the test ends.
func New(t testing.TB, arn string) *Server {
	t.Helper()
	s := &Server{ARN: arn, Things: map[string][]Thing{}}
	server := httptest.NewServer(s.routes())
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Use makes the AWS SDK ask this instance until the test ends, and read nothing of the user's.
func (s *Server) Use(t testing.TB) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": s.URL, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_CONFIG_FILE": "none", "AWS_SHARED_CREDENTIALS_FILE": "none", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_PROFILE": "", "AWS_SESSION_TOKEN": "",
	} {
		t.Setenv(name, value)
	}
}

// instanceID is the ID of the instance.
func (s *Server) instanceID() string { return s.ARN[strings.LastIndex(s.ARN, "/")+1:] }

// request is a request with its answer.
type request struct {
	*http.Request
	body map[string]any
}

func (r request) text(key string) string {
	text, _ := r.body[key].(string)
	return text
}

// failure is an error of the API.
type failure struct {
	code     string
	message  string
	problems []string // of InvalidContactFlowException
}

func (f failure) Error() string { return f.code }

var statuses = map[string]int{"ResourceNotFoundException": 404, "ContactFlowNotPublishedException": 404,
	"ThrottlingException": 429, "DuplicateResourceException": 409, "AccessDeniedException": 403}

// routes are the operations by method and path, as the service's model has them.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	on := func(operation, path string, serve func(request) (any, error)) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, operation, serve) })
	}
	on("ListContactFlows", "GET /contact-flows-summary/{instance}", s.listFlows)
	on("ListContactFlowModules", "GET /contact-flow-modules-summary/{instance}", s.listModules)
	for _, l := range []struct{ operation, path, resource, list string }{
		{"ListPrompts", "/prompts-summary/{instance}", "prompt", "PromptSummaryList"},
		{"ListQueues", "/queues-summary/{instance}", "queue", "QueueSummaryList"},
		{"ListHoursOfOperations", "/hours-of-operations-summary/{instance}", "operating-hours",
			"HoursOfOperationSummaryList"},
		{"ListUsers", "/users-summary/{instance}", "agent", "UserSummaryList"},
		{"ListTaskTemplates", "/instance/{instance}/task/template", "task-template", "TaskTemplates"},
	} {
		on(l.operation, "GET "+l.path, func(r request) (any, error) { return s.listThings(r, l.resource, l.list) })
	}
	on("DescribeContactFlow", "GET /contact-flows/{instance}/{id}", s.describe("ContactFlow"))
	on("DescribeContactFlowModule", "GET /contact-flow-modules/{instance}/{id}", s.describe("ContactFlowModule"))
	on("UpdateContactFlowContent", "POST /contact-flows/{instance}/{id}/content", s.update)
	on("UpdateContactFlowModuleContent", "POST /contact-flow-modules/{instance}/{id}/content", s.update)
	on("CreateContactFlow", "PUT /contact-flows/{instance}", s.create)
	on("CreateContactFlowModule", "PUT /contact-flow-modules/{instance}", s.create)
	return mux
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, operation string,
	serve func(request) (any, error)) {
	s.Asked = append(s.Asked, operation)
	if s.Now != nil {
		s.Times = append(s.Times, s.Now())
	}
	asked := request{Request: r}
	_ = json.NewDecoder(r.Body).Decode(&asked.body) // a GET has none
	var answer any
	var err error
	switch {
	case s.Throttle > 0:
		s.Throttle--
		err = failure{code: "ThrottlingException", message: "Rate exceeded"}
	case operation == s.Deny:
		err = failure{code: "AccessDeniedException", message: "not authorized to perform: connect:" + operation}
	case r.PathValue("instance") != s.instanceID():
		err = failure{code: "ResourceNotFoundException", message: "Instance not found"}
	default:
		answer, err = serve(asked)
	}
	w.Header().Set("Content-Type", "application/json")
	if f, failed := err.(failure); failed {
		w.Header().Set("X-Amzn-Errortype", f.code)
		w.WriteHeader(cmp.Or(statuses[f.code], http.StatusBadRequest))
		answer = f.body()
	}
	if answer != nil {
		_ = json.NewEncoder(w).Encode(answer)
	}
}

// body is an error as the service's model has it: the two that list problems spell the key differently.
func (f failure) body() map[string]any {
	var problems []map[string]string
	for _, p := range f.problems {
		problems = append(problems, map[string]string{"message": p})
	}
	switch f.code {
	case "InvalidContactFlowException":
		return map[string]any{"problems": problems}
	case "InvalidContactFlowModuleException":
		return map[string]any{"Problems": problems}
	}
	return map[string]any{"Message": f.message}
}

// listThings lists things of one resource.
func (s *Server) listThings(r request, resource, list string) (any, error) {
	var all []map[string]any
	for _, thing := range s.Things[resource] {
		all = append(all, map[string]any{"Id": thing.ID, "Name": thing.Name, "Username": thing.Name,
			"Arn": s.arn(resource, thing.ID)})
	}
	return s.page(r, list, all)
}

func (s *Server) arn(resource, id string) string { return s.ARN + "/" + resource + "/" + id }

// page is the page of a list that a request asks for.
func (s *Server) page(r request, list string, all []map[string]any) (any, error) {
	query := r.URL.Query()
	size, err := strconv.Atoi(query.Get("maxResults"))
	if err != nil || size < 1 || size > 1000 {
		return nil, failure{code: "InvalidRequestException", message: "maxResults is " + query.Get("maxResults")}
	}
	if s.PageSize > 0 {
		size = min(size, s.PageSize)
	}
	from, _ := strconv.Atoi(query.Get("nextToken"))
	if from < 0 || from > len(all) {
		return nil, failure{code: "InvalidRequestException", message: "the token is not one"}
	}
	to := min(from+size, len(all))
	answer := map[string]any{list: all[from:to]}
	if to < len(all) {
		answer["NextToken"] = fmt.Sprint(to)
	}
	return answer, nil
}
