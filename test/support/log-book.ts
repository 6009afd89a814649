import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogOutput } from '../../src/logging/service-logger.js';
import { textLine } from '../../src/logging/text-line.js';

/** What is shorter occurs by chance. */
const SHORTEST_SECRET = 8;
const SECRET_VARIABLE = /(?:TOKEN|PASSPHRASE|PASSWORD|PIN|SIGNING_KEY_\w+)$/;

const known = new Set<string>();

/** Keeps every line that services log, for the end of the run; what failed is also shown. */
export function logBook(listener?: LogOutput): LogOutput {
  return {
    write: (line) => {
      keepLog(line);
      if (listener) listener.write(line);
      else if (/^\{"level":"(?:error|fatal)"/.test(line)) process.stdout.write(textLine(line));
    },
  };
}

export function keepLog(text: string): void {
  append('log', text);
}

/** Remembers something that must be in no log. */
export function keepSecret(secret: string): void {
  if (secret.length < SHORTEST_SECRET || known.has(secret)) return;
  known.add(secret);
  append('secrets', `${JSON.stringify(secret)}\n`);
}

/** Remembers what a service is configured with. */
export function keepSecretsOf(environment: Readonly<Record<string, string>>, databaseUrl?: string): void {
  for (const [name, value] of Object.entries(environment)) if (SECRET_VARIABLE.test(name)) keepSecret(value);
  const url = databaseUrl ?? environment.DATABASE_URL;
  if (url) keepSecret(decodeURIComponent(new URL(url).password));
}

/** Remembers that there must be a log of this process. */
export function keepStart(): void {
  append('started', '.');
}

function append(kind: 'log' | 'secrets' | 'started', text: string): void {
  const folder = process.env.TRS_TEST_LOG_FOLDER;
  if (!folder) {
    if (process.env.JEST_WORKER_ID === undefined) return; // a benchmark, which uses the same helpers
    throw new Error('nobody looks at logs: this project of jest lacks the global setup');
  }
  appendFileSync(join(folder, `${process.pid}.${kind}`), text);
}
