import { writeFileSync } from 'node:fs';
import type { NamedStep } from './named-steps.js';
import type { Order } from './order.js';

// Loaded before the service (`node --import`), so that the service itself has no way to be ended from outside. The test
// names a step over IPC; the process then gets the signal when it comes by, as if it came from outside at that moment.

type Method = (...parameters: unknown[]) => unknown;

/** What a writer sends its statements with, down to TypeORM's query runner, as far as it is used here. */
interface Publishing {
  readonly manager: { readonly manager: { readonly queryRunner: { connect(): Promise<{ query: Method }> } } };
}

let order: Order | null = null;

process.on('message', (given: Order) => {
  if (!NAMED_STEPS[given.step]) throw new Error(`there is no step "${given.step}"`);
  order = given;
  process.send?.('ready');
});
process.channel?.unref();

const { NAMED_STEPS } = (await import(new URL('named-steps.ts', import.meta.url).href)) as {
  NAMED_STEPS: Readonly<Record<string, NamedStep>>;
};
for (const [name, step] of Object.entries(NAMED_STEPS)) await watch(name, step);

async function watch(name: string, step: NamedStep): Promise<void> {
  const module = await import(new URL(`../../dist/${step.file}`, import.meta.url).href);
  const prototype: Record<string, Method> = module[step.class]?.prototype;
  const method = prototype?.[step.method];
  if (!method) throw new Error(`step "${name}": ${step.file} has no ${step.class}.${step.method}`);
  prototype[step.method] = function (this: Publishing, ...parameters: unknown[]) {
    const concerned = step.argument === undefined || parameters[0] === step.argument;
    if (concerned && step.moment === 'before') pass(name);
    const result = method.apply(this, parameters);
    if (!concerned || step.moment === 'before') return result;
    if (result instanceof Promise) return result.then((value) => passed(this, name, step, value));
    pass(name);
    return result;
  };
}

async function passed(owner: Publishing, name: string, { commit }: NamedStep, value: unknown): Promise<unknown> {
  if (commit === undefined) pass(name);
  else if (order?.step === name) await passAtCommit(owner, name, commit);
  return value;
}

async function passAtCommit({ manager }: Publishing, name: string, moment: 'before' | 'sent' | 'after'): Promise<void> {
  const client = await manager.manager.queryRunner.connect();
  const { query } = client;
  client.query = (...parameters) => {
    if (parameters[0] !== 'COMMIT') return query.apply(client, parameters);
    client.query = query;
    if (moment === 'before') pass(name);
    const answer = query.apply(client, parameters);
    if (moment === 'sent') pass(name); // the bytes are the kernel's by now
    return moment === 'after' && answer instanceof Promise ? answer.finally(() => pass(name)) : answer;
  };
}

function pass(name: string): void {
  if (order?.step !== name) return;
  const { signal, takenBy } = order;
  order = null;
  if (isFirst(takenBy)) process.kill(process.pid, signal);
}

function isFirst(takenBy: string): boolean {
  try {
    writeFileSync(takenBy, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
