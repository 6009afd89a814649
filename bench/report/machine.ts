import { availableParallelism, totalmem } from 'node:os';
import type { Scale } from '../scale.js';

const GIBIBYTE = 2 ** 30;

/** A line on where figures come from; a machine is known by its cores and its memory. */
export function measuredOn({ name }: Scale): string {
  const memory = Math.round(totalmem() / GIBIBYTE);
  return `Measured on ${availableParallelism()} cores with ${memory} GiB of memory, at the ${name} scale.`;
}
