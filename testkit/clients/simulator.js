// A running simulator, and its fault desk and books by HTTP.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PORTOLAN = fileURLToPath(new URL('../../portolan', import.meta.url));

/** The simulator at a base URL, or a new one if there is none. */
export async function open(baseUrl, apiKey) {
  if (baseUrl) {
    return new Simulator(baseUrl, apiKey ?? 'sk-or-v1-any', null);
  }
  const process = spawn(PORTOLAN, ['simulate', '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exports = await read(process);
  return new Simulator(exports.OPENROUTER_API_BASE, exports.OPENROUTER_API_KEY, process);
}

/** What it exports, as soon as it listens. Its last words are kept: they are the bill. */
function read(process) {
  process.lastWords = '';
  process.stderr.on('data', (text) => (process.lastWords = (process.lastWords + text).slice(-2000)));
  return new Promise((resolve, reject) => {
    const exports = {};
    process.on('error', reject);
    process.on('exit', (code) => reject(new Error(`portolan simulate ended with ${code}: ${process.lastWords}`)));
    createInterface({ input: process.stdout }).on('line', (line) => {
      const [, name, value] = line.match(/^export (\w+)=(.*)$/) ?? [];
      exports[name] = value;
      if (name === 'OPENAI_API_KEY') {
        resolve(exports);
      }
    });
  });
}

class Simulator {
  constructor(baseUrl, apiKey, process) {
    this.baseUrl = baseUrl;
    this.apiKey = apiKey;
    this.process = process;
  }

  async #control(method, path, body) {
    const response = await fetch(new URL('/simulator' + path, this.baseUrl), {
      method,
      body: body && JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${method} /simulator${path}: ${response.status} ${await response.text()}`);
    }
    return response.json();
  }

  /** Makes calls fail, such as {fault: 'status 429', times: 2}. */
  script(fault) {
    return this.#control('POST', '/faults', fault);
  }

  clearFaults() {
    return this.#control('DELETE', '/faults');
  }

  /** What a generation was charged. */
  async cost(id) {
    const { entries } = await this.#control('GET', '/bill');
    return entries.find((entry) => entry.generation_id === id)?.cost;
  }

  async lastRequest() {
    return (await this.#control('GET', '/requests?last=1')).requests[0];
  }

  async requests() {
    return (await this.#control('GET', '/status')).requests;
  }

  /** Ends it, if it was started here; resolves to its exit code. */
  close() {
    if (!this.process) {
      return Promise.resolve(0);
    }
    return new Promise((resolve) => {
      this.process.removeAllListeners('exit');
      this.process.on('exit', (code) => resolve(code));
      this.process.kill('SIGTERM');
    });
  }
}
