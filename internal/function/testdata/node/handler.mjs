// The handler of the behaviour tests, in JavaScript. It does what the event's field "do" says.
import { spawn } from 'node:child_process';

class CustomError extends Error {
  constructor(message) {
    super(message);
    this.name = 'CustomError';
  }
}

let invocations = 0;

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const behaviours = {
  value: (event) => event.value,
  raise: (event) => { throw new Error(event.text); },
  'raise-custom': async (event) => { throw new CustomError(event.text); },
  'raise-nested': (event) => { throw new RangeError('outer', { cause: new Error(event.text) }); },
  'raise-string': async (event) => { throw event.text; },
  'raise-async': (event) => {
    setTimeout(() => { throw new Error(event.text); }, 1);
    return sleep(60);
  },
  'reject-async': (event) => {
    Promise.reject(new Error(event.text));
    return sleep(60);
  },
  'never-settle': () => new Promise(() => {}),
  sleep: async (event) => {
    await sleep(event.seconds);
    return 'slept';
  },
  exit: (event) => process.exit(event.code),
  kill: async () => {
    process.kill(process.pid, 'SIGKILL');
    await sleep(60);
  },
  large: (event) => 'a'.repeat(event.bytes),
  unserialisable: () => 1n,
  print: (event) => {
    console.log('out', event.text);
    console.error('err', event.text);
    process.stdout.write('no newline');
    return 'printed';
  },
  env: (event) => Object.fromEntries(event.names.filter((name) => name in process.env).map((name) => [name, process.env[name]])),
  context: (event, context) => ({
    request_id: context.awsRequestId, arn: context.invokedFunctionArn, name: context.functionName,
    version: context.functionVersion, memory: context.memoryLimitInMB, log_group: context.logGroupName,
    client: context.clientContext?.client?.app_title ?? '',
  }),
  remaining: (event, context) => context.getRemainingTimeInMillis(),
  count: () => { invocations += 1; return invocations; },
  pid: () => process.pid,
  child: () => spawn('sleep', ['1000'], { stdio: 'inherit' }).pid,
};

export const handler = async (event, context) => behaviours[event.do](event, context);
