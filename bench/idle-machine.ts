import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const WATCHED_MS = 500;
const BUSY = 0.15;

/** What else runs on the machine would be in the figures. @returns a warning, or null where little does. */
export async function warningOfOthers(): Promise<string | null> {
  const before = processorTimes();
  await delay(WATCHED_MS);
  const after = processorTimes();
  const busy = 1 - (after.idle - before.idle) / (after.all - before.all);
  return busy > BUSY ? `the processors are ${Math.round(100 * busy)} % busy already` : null;
}

function processorTimes(): { readonly idle: number; readonly all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { idle: times.reduce((sum, { idle }) => sum + idle, 0), all };
}
