// Runs every check with both clients against one simulator, and prints how it went.
//
//   node run.js                                         starts ./portolan simulate
//   node run.js http://127.0.0.1:4010/api/v1 [KEY]      asks one that runs
import { readFile } from 'node:fs/promises';
import { checks as openai } from './openai.js';
import { checks as openrouter } from './openrouter.js';
import { open } from './simulator.js';

const LONGEST_MILLIS = 30_000;

async function version(client) {
  return JSON.parse(await readFile(new URL(`node_modules/${client}/package.json`, import.meta.url))).version;
}

function within(millis, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${millis} ms`)), millis);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function run(simulator, name, check) {
  const start = performance.now();
  try {
    await simulator.clearFaults();
    await within(LONGEST_MILLIS, check());
    return { name, millis: Math.round(performance.now() - start) };
  } catch (error) {
    return { name, millis: Math.round(performance.now() - start), error };
  }
}

const simulator = await open(process.argv[2], process.argv[3]);
const failed = [];
let passed = 0;
try {
  for (const [client, checks] of [['openai', openai(simulator)], ['@openrouter/sdk', openrouter(simulator)]]) {
    console.log(`\n${client} ${await version(client)}`);
    for (const [name, check] of Object.entries(checks)) {
      const result = await run(simulator, name, check);
      console.log(`  ${result.error ? 'FAILED' : 'ok    '}  ${name.padEnd(46)} ${String(result.millis).padStart(6)} ms`);
      if (result.error) {
        failed.push({ client, ...result });
      } else {
        passed++;
      }
    }
  }
} finally {
  await simulator.clearFaults();
  const code = await simulator.close();
  if (code !== 0) {
    failed.push({ client: 'portolan simulate', name: 'ends with 0', error: new Error(`it ended with ${code}`) });
  }
}
for (const { client, name, error } of failed) {
  console.error(`\n${client}: ${name}\n`, error);
}
console.log(`\n${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && passed > 0 ? 0 : 1;
