"""The handler of the behaviour tests, in Python. It does what the event's field "do" says."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time


class CustomError(Exception):
    """An exception class of the user's own, with an attribute and no arguments."""

    def __init__(self, message=None):
        super().__init__() if message is None else super().__init__(message)
        self.message = message


invocations = 0


def fail(event, context):
    raise Exception(event["text"])


def fail_custom(event, context):
    raise CustomError(event["text"])


def fail_empty(event, context):
    raise CustomError()


def fail_nested(event, context):
    try:
        fail(event, context)
    except Exception as error:
        raise ValueError("outer") from error


def fail_async(event, context):
    threading.Thread(target=lambda: os._exit(2)).start()
    time.sleep(60)


def sleep(event, context):
    time.sleep(event["seconds"])
    return "slept"


def kill(event, context):
    os.kill(os.getpid(), signal.SIGKILL)


def write(event, context):
    print("out", event["text"])
    print("err", event["text"], file=sys.stderr)
    logger = logging.getLogger("app")
    logger.setLevel(logging.INFO)
    logger.info("logged %s", event["text"])
    print("no newline", end="")
    return "printed"


def count(event, context):
    global invocations
    invocations += 1
    return invocations


def fields(event, context):
    client = context.client_context
    return {"request_id": context.aws_request_id, "arn": context.invoked_function_arn, "name": context.function_name,
            "version": context.function_version, "memory": context.memory_limit_in_mb, "log_group": context.log_group_name,
            "client": client.client.app_title if client else ""}


BEHAVIOURS = {
    "value": lambda event, context: event.get("value"),
    "raise": fail,
    "raise-custom": fail_custom,
    "raise-empty": fail_empty,
    "raise-nested": fail_nested,
    "raise-async": fail_async,
    "sleep": sleep,
    "exit": lambda event, context: sys.exit(event["code"]),
    "hard-exit": lambda event, context: os._exit(event["code"]),
    "kill": kill,
    "large": lambda event, context: "a" * event["bytes"],
    "unserialisable": lambda event, context: {1, 2},
    "bytes": lambda event, context: event["text"].encode(),
    "print": write,
    "env": lambda event, context: {name: os.environ[name] for name in event["names"] if name in os.environ},
    "context": fields,
    "remaining": lambda event, context: context.get_remaining_time_in_millis(),
    "count": count,
    "pid": lambda event, context: os.getpid(),
    "child": lambda event, context: subprocess.Popen(["sleep", "1000"]).pid,
}


def lambda_handler(event, context):
    return BEHAVIOURS[event["do"]](event, context)
