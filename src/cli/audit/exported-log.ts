import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { usageError } from '../command-error.js';
import type { AuditLog, LogChain, LogLink } from './audit-log.js';

const TYPE = 'trs-audit-export';

/** One JSON document a line: what the chains are, then their links. */
export async function* exportLines(log: AuditLog, exported: Date): AsyncGenerator<string> {
  const { chains } = log;
  yield `${JSON.stringify({ _type: TYPE, exported: exported.toISOString(), chains })}\n`;
  const lengths = new Map(chains.map(({ repository, length }) => [repository, length]));
  for await (const { repository, position, hash, entry } of log.links(lengths)) {
    yield `${JSON.stringify({ repository, position, hash, entry })}\n`;
  }
}

/** An export that somebody kept. */
export async function exportedLog(file: string): Promise<AuditLog> {
  const header = await firstLine(file);
  if (header?._type !== TYPE || !Array.isArray(header.chains)) throw usageError(`${file} is no export of an audit log`);
  return {
    chains: header.chains as LogChain[],
    async *links() {
      let line = 0;
      for await (const text of linesOf(file)) {
        line += 1;
        if (line > 1) yield parseLine(text, `${file}, line ${line},`) as unknown as LogLink;
      }
    },
  };
}

async function firstLine(file: string): Promise<Readonly<Record<string, unknown>> | null> {
  for await (const text of linesOf(file)) return parseLine(text, file);
  return null;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const stream = createReadStream(file, 'utf8');
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw usageError(`cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
  } finally {
    stream.destroy();
  }
}

function parseLine(text: string, source: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // said below
  }
  throw usageError(`${source} is not a JSON document`);
}
