import type { Bench } from '../bench.js';
import type { Measured } from '../figure.js';

export interface Scenario {
  readonly name: string;
  /** A line for `--list`. */
  readonly measures: string;
  /** Starts the services it needs; they are stopped after its last figure. */
  run(bench: Bench): AsyncGenerator<Measured>;
}
