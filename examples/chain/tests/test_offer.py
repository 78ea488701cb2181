"""Tests of the state machine in Python: run them with `python -m unittest` or `pytest` in this folder.

They need boto3, and connect-async in PATH or named by CONNECT_ASYNC.
"""

import json
import os
import pathlib
import subprocess
import unittest
import urllib.request

PROJECT = pathlib.Path(__file__).parent.parent


class Server:
    """`connect-async serve` on free ports, with a clock that is moved by hand."""

    def __init__(self, project):
        program = os.environ.get("CONNECT_ASYNC", "connect-async")
        ports = ["--port", "0", "--lambda-port", "0"]
        self.process = subprocess.Popen(
            [program, "serve", str(project), *ports, "--clock", "manual", "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the server did not start: exit code {self.process.wait()}")
        started = json.loads(line)
        self.clock = started["clock"]
        self.state_machines = started["state_machines"]
        os.environ.update(started["environment"])  # this is how boto3 finds it

    def advance(self, seconds):
        """Let time pass. It returns when everything has happened that happens in it."""
        body = json.dumps({"seconds": seconds}).encode()
        urllib.request.urlopen(urllib.request.Request(self.clock, body)).close()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class OfferTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(PROJECT)
        import boto3  # reads the environment

        cls.states = boto3.client("stepfunctions")

    @classmethod
    def tearDownClass(cls):
        cls.states.close()
        cls.server.stop()

    def start(self):
        machine = self.server.state_machines[0]
        return self.states.start_execution(stateMachineArn=machine)["executionArn"]

    def status(self, execution):
        return self.states.describe_execution(executionArn=execution)["status"]

    def test_offer_takes_30_seconds(self):
        execution = self.start()
        self.server.advance(29)
        self.assertEqual(self.status(execution), "RUNNING")
        self.server.advance(1)
        self.assertEqual(self.status(execution), "SUCCEEDED")
        output = self.states.describe_execution(executionArn=execution)["output"]
        self.assertEqual(json.loads(output)["amount"], "10000")

    def test_offer_can_be_stopped(self):
        execution = self.start()
        self.server.advance(10)
        self.states.stop_execution(executionArn=execution, error="CallerHungUp")
        self.assertEqual(self.status(execution), "ABORTED")


if __name__ == "__main__":
    unittest.main()
