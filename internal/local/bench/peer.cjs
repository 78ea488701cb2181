// Runs two-state executions with aws-local-stepfunctions and prints, as JSON, executions a second: of one state machine, and from
// the definition each time. Arguments: a file with definition and input, the number of executions, how many run at once.
Promise.withResolvers ??= function () { // Node 22 has it; the package needs it
  const w = {};
  w.promise = new Promise((resolve, reject) => Object.assign(w, { resolve, reject }));
  return w;
};
const { StateMachine } = require('aws-local-stepfunctions');
const [file, count, width] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const { definition, input } = JSON.parse(require('fs').readFileSync(file));
const options = {
  overrides: { taskResourceLocalHandlers: { B: (event) => event } },
  context: { Execution: { Id: 'arn:aws:states:us-east-1:000000000000:execution:m:one' } },
};

async function rate(n, width, machine) {
  const began = process.hrtime.bigint();
  await Promise.all(Array.from({ length: width }, async () => {
    for (let i = 0; i < n / width; i++) await machine().run(input, options).result;
  }));
  return n / (Number(process.hrtime.bigint() - began) / 1e9);
}

(async () => {
  const one = new StateMachine(definition);
  await rate(1000, width, () => one); // let the compiler see the code
  const prepared = await rate(count, width, () => one);
  const fresh = await rate(Math.min(count, 40), 1, () => new StateMachine(definition));
  console.log(JSON.stringify({ prepared, fresh }));
})();
