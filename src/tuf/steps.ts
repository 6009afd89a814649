/**
 * A computation that may take long, cut into steps of some milliseconds: whoever runs it may do something else between
 * them. Between two steps, nothing that it works on may change.
 */
export type Steps<Result> = Generator<void, Result>;

/** Runs all steps, one right after the other. */
export function runToEnd<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
