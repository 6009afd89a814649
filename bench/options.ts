import { parseArgs } from 'node:util';
import { SCALES, type Scale } from './scale.js';
import { SCENARIOS, type Scenario } from './scenarios/index.js';

export interface Options {
  /** In the order in which they run, whatever the order they were asked for in. */
  readonly scenarios: readonly Scenario[];
  readonly scale: Scale;
  readonly output: 'table' | 'json' | 'markdown' | 'list';
  /** Undefined means an embedded PostgreSQL. */
  readonly databaseUrl: string | undefined;
  /** For the service processes, e.g. to profile them. */
  readonly nodeOptions: string | undefined;
}

/** A sentence for whoever typed the command. */
export class UsageError extends Error {}

export const USAGE = `npm run bench -- [SCENARIO…] [--scale small|standard|full] [--json|--markdown|--list] [--database-url URL]
                 [--service-node-options=OPTIONS]`;

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parsed(args);
  const unknown = positionals.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown.length > 0) throw new UsageError(`there is no scenario ${unknown.join(', ')}; --list shows them`);
  const scale = Object.values(SCALES).find(({ name }) => name === values.scale);
  if (!scale) throw new UsageError(`--scale must be one of ${Object.keys(SCALES).join(', ')}`);
  return {
    scenarios: SCENARIOS.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    scale,
    output: values.list ? 'list' : values.json ? 'json' : values.markdown ? 'markdown' : 'table',
    databaseUrl: values['database-url'],
    nodeOptions: values['service-node-options'],
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        scale: { type: 'string', default: 'standard' },
        json: { type: 'boolean' },
        markdown: { type: 'boolean' },
        list: { type: 'boolean' },
        'database-url': { type: 'string' },
        'service-node-options': { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
