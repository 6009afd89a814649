import type { Task } from '../../answers.js';
import type { LineRefusal } from './line-refusals.js';

export interface Imported {
  readonly file: string;
  readonly task: Task;
  /** The first ones. */
  readonly refusals: readonly LineRefusal[];
}
