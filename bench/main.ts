import { inspect } from 'node:util';
import { Bench } from './bench.js';
import type { Figure } from './figure.js';
import { warningOfOthers } from './idle-machine.js';
import { type Options, readOptions, USAGE, UsageError } from './options.js';
import { measuredOn } from './report/machine.js';
import { markdown } from './report/markdown.js';
import { table } from './report/table.js';
import { figuresOf } from './run.js';
import { SCENARIOS } from './scenarios/index.js';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

try {
  const options = readOptions(process.argv.slice(2));
  if (options.output === 'list') list();
  else await run(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  process.exitCode = 2;
}

function list(): void {
  const width = Math.max(...SCENARIOS.map(({ name }) => name.length));
  for (const { name, measures } of SCENARIOS) print(`${name.padEnd(width)}  ${measures}`);
}

async function run(options: Options): Promise<void> {
  const starting = Bench.start(options);
  stopWhateverHappens(starting);
  const bench = await starting;
  const figures: Figure[] = [];
  try {
    for (const scenario of options.scenarios) {
      const warning = await warningOfOthers();
      process.stderr.write(`${scenario.name} …${warning ? ` (${warning})` : ''}\n`);
      for await (const figure of figuresOf(scenario, bench)) {
        figures.push(figure);
        if (options.output === 'json') print(JSON.stringify(figure));
      }
    }
  } finally {
    if (options.output === 'table') print(measuredOn(options.scale), table(figures));
    if (options.output === 'markdown') print(measuredOn(options.scale), '', markdown(figures));
    await bench.stop();
  }
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

// The scenario under way fails as its service ends; what it says then is of no use to anybody.
function stopWhateverHappens(starting: Promise<Bench>): void {
  const stop = async (code: number) => {
    await starting.then((bench) => bench.stop()).catch(() => undefined);
    process.exit(code);
  };
  // Ctrl-C in a terminal comes twice: npm passes it on, too.
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      process.stderr.write(`stopping, because of ${signal} …\n`);
      void stop(code);
    });
  }
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${inspect(error)}\n`);
    void stop(1);
  });
  process.stdout.on('error', () => void stop(1)); // nobody reads the figures any more
}
