// The function of the example in Node: it looks up a balance in a slow system, which takes 12 seconds.

import { setTimeout } from "node:timers/promises";

export async function handler() {
  await setTimeout(12_000); // the slow system
  return { balance: "42.10" };
}
