package backend

import (
	"errors"
	"strconv"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/connect-async/connect-async/internal/async"
)

// serviceError reports a failed request to async: with the service's code and HTTP status when it answered, without a
// code when there was no readable answer.
func serviceError(err error) error {
	if err == nil {
		return nil
	}
	e := &async.ServiceError{Err: err}
	if errors.Is(err, errNoCredentials) {
		e.Code, e.Message = "NoCredentials", errNoCredentials.Error()
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		e.Code, e.Message = api.ErrorCode(), api.ErrorMessage()
	}
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		e.Status = response.HTTPStatusCode()
	}
	if e.Code == "" && e.Status >= 400 && e.Status < 500 { // not from the service: a proxy or a wrong endpoint
		e.Code = "HTTP" + strconv.Itoa(e.Status)
	}
	return e
}
