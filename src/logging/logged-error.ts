/** What a line of the log says of the matter beside its message. */
export type LogFields = Readonly<Record<string, string | number | null>>;

export interface LoggedError extends Readonly<Record<string, unknown>> {
  readonly message: string;
  readonly stack: string;
}

/** An error for the log: its message and stack, and no more, for a database error carries all that was written. */
export function logged(what: string, error: unknown, about: LogFields = {}): [LoggedError] {
  if (!(error instanceof Error)) return [{ ...about, message: `${what}: ${String(error)}`, stack: '' }];
  return [{ ...about, message: `${what}: ${error.message}`, stack: error.stack ?? '' }];
}
