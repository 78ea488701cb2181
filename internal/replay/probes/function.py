"""The function that the probe flows of connect-async invoke. It does what its parameters ask for:

    connect_async_takes    seconds that it takes
    connect_async_fails    how often in a row it fails before it returns, for the same contact and block
    connect_async_returns  the JSON text that it returns
    connect_async_bytes    how many bytes its reply has, instead of connect_async_returns

Runtime: Python 3.12 or later. Memory: 128 MB. Timeout: 15 s. It needs no permissions, and no other code.
"""
import json
import time

failed = {}


def handler(event, context):
    asked = event["Details"]["Parameters"]
    time.sleep(float(asked.get("connect_async_takes", "0")))
    key = event["Details"]["ContactData"]["ContactId"] + json.dumps(asked, sort_keys=True)
    if failed.get(key, 0) < int(asked.get("connect_async_fails", "0")):
        failed[key] = failed.get(key, 0) + 1
        raise RuntimeError("This failure is part of the probe.")
    if "connect_async_bytes" in asked:
        empty = len(json.dumps({"much": ""}, separators=(",", ":")))
        return {"much": "x" * (int(asked["connect_async_bytes"]) - empty)}
    return json.loads(asked.get("connect_async_returns", "{}"))
