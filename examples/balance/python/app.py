"""The function of the example in Python: it looks up a balance in a slow system, which takes 12 seconds."""

import time


def lambda_handler(event, context):
    time.sleep(12)  # the slow system
    return {"balance": "42.10"}
