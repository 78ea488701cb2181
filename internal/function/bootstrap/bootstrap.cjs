// The Node side of the Lambda Runtime API: loads one handler and feeds it events until its process is ended.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const util = require('node:util');
const { pathToFileURL } = require('node:url');

const { AWS_LAMBDA_RUNTIME_API, AWS_EXECUTION_ENV, LAMBDA_TASK_ROOT, _HANDLER } = process.env;
const [hostname, port] = AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

// From Node 24 on, Lambda has another runtime client: no callbacks, and another name for one error.
const withoutCallbacks = Number(/nodejs(\d+)/.exec(AWS_EXECUTION_ENV)?.[1]) >= 24;

let requestId; // of the invocation that runs
let whenIdle; // called when the event loop is empty while an invocation runs

// Never through a proxy: an agent of our own knows of none.
function call(method, route, body = '', headers = {}) {
  return new Promise((resolve, reject) => {
    const options = {
      agent, hostname, port, method, path: `/2018-06-01/runtime/${route}`,
      headers: { 'Content-Length': Buffer.byteLength(body), 'Content-Type': 'application/json', ...headers },
    };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject).end(body);
  });
}

async function post(route, body, headers) {
  const { status } = await call('POST', route, body, headers);
  if (status !== 202) {
    console.error(`the Runtime API answered ${status} to ${route}`);
    process.exit(1); // nothing can be said any more
  }
}

// Fault is an error of the function's set-up, with a name of Lambda's.
class Fault extends Error {
  constructor(name, message, stack) {
    super(message);
    this.name = name;
    if (stack) this.stack = stack;
  }
}

function documentOf(error) {
  if (!util.types.isNativeError(error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
}

function report(route, error, what) {
  const document = documentOf(error);
  const { trace, ...rest } = document;
  console.error(`${what}\t${JSON.stringify({ ...rest, ...error, stack: trace })}`);
  return post(route, JSON.stringify(document), { 'Lambda-Runtime-Function-Error-Type': encodeURIComponent(document.errorType) });
}

// die reports an error that nobody caught, to the invocation that runs, or as a failure to start.
async function die(error, what, code) {
  whenIdle = undefined;
  const route = requestId ? `invocation/${requestId}/error` : 'init/error';
  await report(route, error, what).catch(() => {});
  process.exit(code);
}

// --- Loading

// parseHandler splits dir/module.some.function at the first dot after the last slash.
function parseHandler(handler) {
  if (handler.includes('..')) {
    throw new Fault('Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  }
  const match = /^([^.]*)\.(.*)$/.exec(path.basename(handler));
  if (!match) throw new Fault('Runtime.MalformedHandlerName', 'Bad handler');
  return { module: path.join(path.dirname(handler), match[1]), names: match[2].split('.') };
}

async function loadModule(module) {
  const base = path.resolve(LAMBDA_TASK_ROOT, module);
  for (const extension of ['', '.js', '.mjs', '.cjs']) {
    const file = base + extension;
    if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return import(pathToFileURL(file).href);
  }
  return require(require.resolve(path.basename(module), { paths: [LAMBDA_TASK_ROOT, path.dirname(base)] }));
}

function explain(error) {
  if (error instanceof SyntaxError) return new Fault('Runtime.UserCodeSyntaxError', String(error), error.stack);
  if (error?.code === 'MODULE_NOT_FOUND') return new Fault('Runtime.ImportModuleError', String(error));
  return error;
}

async function load(handler) {
  const { module, names } = parseHandler(handler);
  const exported = await loadModule(module).catch((error) => { throw explain(error); });
  const find = (from) => names.reduce((value, name) => value?.[name], from);
  const found = find(exported) ?? find(exported.default);
  if (!found) throw new Fault('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw new Fault('Runtime.HandlerNotFound', `${handler} is not a function`);
  if (withoutCallbacks && found.length >= 3) {
    throw new Fault('Runtime.CallbackHandlerDeprecated',
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.');
  }
  return found;
}

// --- Running

function contextOf(headers, settle) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const json = (name) => headers[name] && JSON.parse(headers[name]);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: json('lambda-runtime-client-context'),
    identity: json('lambda-runtime-cognito-identity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
    done: (error, result) => settle(error, result),
    succeed: (result) => settle(null, result),
    fail: (error) => settle(error ?? 'handled'),
  };
}

// run calls the handler and resolves to what it gave, in whichever of its styles: a promise, a callback, or nothing.
function run(handler, headers, event) {
  return new Promise((resolve, reject) => {
    const settle = (error, result) => {
      whenIdle = undefined;
      if (error !== undefined && error !== null) reject(error);
      else resolve(result);
    };
    const context = contextOf(headers, settle);
    const callback = (error, result) => {
      if (error !== undefined && error !== null || !context.callbackWaitsForEmptyEventLoop) settle(error, result);
      else whenIdle = () => settle(null, result);
    };
    whenIdle = () => settle(handler.constructor.name === 'AsyncFunction' ? neverSettled() : null, null);
    const returned = withoutCallbacks ? handler(event, context) : handler(event, context, callback);
    if (typeof returned?.then === 'function') returned.then(context.succeed, context.fail);
    else if (withoutCallbacks) settle(null, returned);
  });
}

function neverSettled() {
  return new Fault('Runtime.NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled.');
}

function stringify(result) {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch {
    throw new Fault(withoutCallbacks ? 'Runtime.JSONStringifyError' : 'Error', 'Unable to stringify response body');
  }
}

async function handle(handler, { headers, body }) {
  requestId = headers['lambda-runtime-aws-request-id'];
  delete process.env._X_AMZN_TRACE_ID;
  if (headers['lambda-runtime-trace-id']) process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  let text;
  try {
    text = stringify(await run(handler, headers, JSON.parse(body)));
  } catch (error) {
    await report(`invocation/${requestId}/error`, error, 'Invoke Error');
    return;
  }
  await post(`invocation/${requestId}/response`, text);
}

// --- The console writes Lambda's form of a line.

function patchConsole() {
  const levels = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', fatal: 'FATAL' };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...args) => {
      process.stdout.write(`${new Date().toISOString()}\t${requestId}\t${level}\t${util.format(...args)}\n`);
    };
  }
}

async function main() {
  patchConsole();
  process.on('uncaughtException', (error) => die(error, 'Uncaught Exception', 129));
  process.on('unhandledRejection', (reason) => {
    die(new Fault('Runtime.UnhandledPromiseRejection', String(reason)), 'Unhandled Promise Rejection', 128);
  });
  process.on('beforeExit', () => whenIdle?.());
  let handler;
  try {
    handler = await load(_HANDLER);
  } catch (error) {
    return die(error, 'Uncaught Exception', 1);
  }
  for (;;) {
    const event = await call('GET', 'invocation/next');
    if (event.status !== 200) process.exit(1);
    await handle(handler, event);
  }
}

main();
