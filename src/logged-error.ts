/** An error for the log: its message and stack, and no more, for a database error carries all that was written. */
export function logged(what: string, error: unknown): [message: string, stack: string] {
  if (!(error instanceof Error)) return [what, String(error)];
  return [`${what}: ${error.message}`, error.stack ?? ''];
}
