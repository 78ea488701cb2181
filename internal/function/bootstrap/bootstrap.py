"""The Python side of the Lambda Runtime API: loads one handler and feeds it events until its process is ended."""

import importlib
import json
import logging
import os
import socket
import sys
import time

TASK_ROOT = os.environ["LAMBDA_TASK_ROOT"]

# Up to Python 3.11, Lambda escapes every character beyond ASCII in a result.
ASCII_ONLY = os.environ["AWS_EXECUTION_ENV"] in {f"AWS_Lambda_python3.{minor}" for minor in range(12)}


class RuntimeAPI:
    """One connection over which events come and results go. Never through a proxy."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self.address = address
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb")

    def call(self, method, path, body=b"", headers=()):
        lines = [f"{method} /2018-06-01/runtime/{path} HTTP/1.1", f"Host: {self.address}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.socket.sendall("\r\n".join(lines + ["", ""]).encode("latin-1", "replace") + body)
        status = int(self.stream.readline().split()[1])
        received = {}
        for line in iter(self.stream.readline, b"\r\n"):
            name, _, value = line.decode("latin-1").partition(":")
            received[name.lower()] = value.strip()
        return status, received, self.stream.read(int(received.get("content-length", 0)))

    def next(self):
        status, headers, body = self.call("GET", "invocation/next")
        if status != 200:
            sys.exit(f"the Runtime API answered {status} to next")
        return headers, body

    def post(self, path, body, headers=()):
        status, _, _ = self.call("POST", path, body, headers)
        if status != 202:  # nothing can be said any more; Lambda's own runtime ends here too
            sys.exit(f"the Runtime API answered {status} to {path}")

    def report(self, path, document):
        self.post(path, json.dumps(document).encode(), [("Lambda-Runtime-Function-Error-Type", document["errorType"])])


class Fault(Exception):
    """Something that is not the handler's own exception: it has its own name and no stack trace."""

    def __init__(self, kind, message, frames=()):
        super().__init__(message)
        self.document = {"errorMessage": message, "errorType": kind, "stackTrace": list(frames)}


class Context:
    """What a handler gets as its second argument."""

    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers["lambda-runtime-invoked-function-arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = Identity()
        self.client_context = client_context(headers.get("lambda-runtime-client-context"))
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        self._deadline_ms = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline_ms - int(time.time() * 1000), 0)

    def log(self, message):
        sys.stdout.write(str(message))


class Identity:
    """The caller's Cognito identity: never present here."""

    cognito_identity_id = None
    cognito_identity_pool_id = None


class Client:
    """The application part of a client context."""

    def __init__(self, fields):
        for name in ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"):
            setattr(self, name, fields.get(name))


class ClientContext:
    """What the caller sent as client context."""

    def __init__(self, fields):
        self.custom = fields.get("custom")
        self.env = fields.get("env")
        self.client = Client(fields["client"]) if isinstance(fields.get("client"), dict) else None


def client_context(text):
    return ClientContext(json.loads(text)) if text else None


def load(handler):
    """Returns the function that a handler string names: module.function, split at the last dot."""
    module_name, dot, name = handler.rpartition(".")
    if not dot:
        raise Fault("Runtime.MalformedHandlerName",
                    f"Bad handler '{handler}': not enough values to unpack (expected 2, got 1)")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    module = import_module(module_name)
    if not hasattr(module, name):
        raise Fault("Runtime.HandlerNotFound", f"Handler '{name}' missing on module '{module_name}'")
    return getattr(module, name)


def import_module(name):
    try:
        return importlib.import_module(name.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{name}': {error}")
    except SyntaxError as error:
        place = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        raise Fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{name}': {error}", [place])


def document_of(error, request_id):
    """The error document of an exception."""
    if isinstance(error, Fault):
        document = error.document
    else:
        document = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": frames(error)}
    return {"errorMessage": document["errorMessage"], "errorType": document["errorType"], "requestId": request_id,
            "stackTrace": document["stackTrace"]}


def frames(error):
    """The stack below this file, each frame formatted as in Python's own traceback."""
    import traceback  # slow to load, and rarely needed

    stack = traceback.extract_tb(error.__traceback__)
    while stack and stack[0].filename == __file__:
        del stack[0]
    return [f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n' + (f"    {frame.line}\n" if frame.line else "")
            for frame in stack]


def log_error(document):
    head = f"[ERROR] {document['errorType']}: {document['errorMessage']}\nTraceback (most recent call last):\n"
    print(head + "".join(document["stackTrace"]), end="", flush=True)


def handle(api, handler, headers, body):
    """Runs one invocation and reports how it went."""
    path = f"invocation/{headers['lambda-runtime-aws-request-id']}"
    try:
        result = handler(parse(body), Context(headers))
        payload = result if isinstance(result, bytes) else marshal(result)
    except Exception as error:
        document = document_of(error, headers["lambda-runtime-aws-request-id"])
        log_error(document)
        api.report(f"{path}/error", document)
    else:
        api.post(f"{path}/response", payload)


def parse(body):
    try:
        return json.loads(body)
    except ValueError as error:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}")


def marshal(result):
    try:
        return json.dumps(result, ensure_ascii=ASCII_ONLY, default=plain).encode()
    except Exception as error:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}")


def plain(value):
    """Decimals, which DynamoDB gives, become numbers."""
    decimal = sys.modules.get("decimal")
    if decimal and isinstance(value, decimal.Decimal):
        whole = value.is_finite() and value == value.to_integral_value()
        return int(value) if whole else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


class LogFormatter(logging.Formatter):
    """Lambda's format of a log record."""

    converter = time.gmtime

    def format(self, record):
        record.aws_request_id = LogFormatter.request_id
        return super().format(record)


def set_up_logging():
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(LogFormatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s",
                                      "%Y-%m-%dT%H:%M:%S"))
    LogFormatter.request_id = ""
    logging.getLogger().addHandler(handler)


def set_trace_id(trace_id):
    if trace_id:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)


def main():
    sys.path[0] = TASK_ROOT
    set_up_logging()
    api = RuntimeAPI(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as error:
        document = document_of(error, "")
        log_error(document)
        api.report("init/error", document)
        sys.exit(1)
    while True:
        headers, body = api.next()
        LogFormatter.request_id = headers["lambda-runtime-aws-request-id"]
        set_trace_id(headers.get("lambda-runtime-trace-id"))
        handle(api, handler, headers, body)


if __name__ == "__main__":  # the processes of multiprocessing load this file, too
    main()
