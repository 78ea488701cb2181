// Tests of the state machine with Node's test runner: run them with `node --test` in this folder.
//
// They need connect-async in PATH or named by CONNECT_ASYNC. The requests are written out, so that nothing has to be
// installed; the AWS SDK needs only the variables in the server's `environment`.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));
let server, started;

// `connect-async serve` on free ports, with a clock that is moved by hand.
before(async () => {
  const program = process.env.CONNECT_ASYNC ?? "connect-async";
  const ports = ["--port", "0", "--lambda-port", "0"];
  server = spawn(program, ["serve", project, ...ports, "--clock", "manual", "--json"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = await Promise.race([
    once(createInterface(server.stdout), "line"),
    once(server, "exit").then(([code]) => assert.fail(`the server did not start: exit code ${code}`)),
  ]);
  started = JSON.parse(line);
});

after(async () => {
  server.kill();
  await once(server, "exit");
});

// Lets time pass. It returns when everything has happened that happens in it.
async function advance(seconds) {
  const answer = await fetch(started.clock, { method: "POST", body: JSON.stringify({ seconds }) });
  assert.equal(answer.status, 200, await answer.text());
}

// Makes a request to Step Functions.
async function states(operation, request) {
  const answer = await fetch(started.environment.AWS_ENDPOINT_URL_SFN, {
    method: "POST",
    headers: { "X-Amz-Target": `AWSStepFunctions.${operation}` },
    body: JSON.stringify(request),
  });
  return answer.json();
}

async function start() {
  const { executionArn } = await states("StartExecution", { stateMachineArn: started.state_machines[0] });
  return executionArn;
}

const describe = (executionArn) => states("DescribeExecution", { executionArn });

test("an offer takes 30 seconds", async () => {
  const execution = await start();
  await advance(29);
  assert.equal((await describe(execution)).status, "RUNNING");
  await advance(1);
  const { status, output } = await describe(execution);
  assert.equal(status, "SUCCEEDED");
  assert.equal(JSON.parse(output).amount, "10000");
});

test("an offer can be stopped", async () => {
  const executionArn = await start();
  await advance(10);
  await states("StopExecution", { executionArn, error: "CallerHungUp" });
  assert.equal((await describe(executionArn)).status, "ABORTED");
});
