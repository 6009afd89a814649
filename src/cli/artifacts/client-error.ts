import { CommandError, EXIT } from '../command-error.js';

/** What went wrong in the TUF client: out of reach, not there, or not to be trusted. */
export function clientError(error: unknown, url: string, path?: string): CommandError {
  if (error instanceof CommandError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (status === 404 || status === 403) {
    const what =
      path === undefined
        ? `there is no repository at ${url}`
        : `the metadata lists ${path}, but the file is not at ${url}`;
    return new CommandError(EXIT.notFound, `${what} (${status})`, [], { cause: error });
  }
  if (status !== undefined || isNetwork(error, message)) {
    return new CommandError(EXIT.unreachable, `cannot reach ${url}`, [reasonOf(error, message)], { cause: error });
  }
  if (isFromFileSystem(error)) return new CommandError(EXIT.failed, message, [], { cause: error });
  const what = path === undefined ? `the metadata at ${url} is refused` : `${path} is refused and was not kept`;
  return new CommandError(EXIT.notVerified, `${what}: ${message}`, [], { cause: error });
}

// tuf-js wraps what the network said in errors of its own, so that only the text tells it from a refusal.
function isNetwork(error: unknown, message: string): boolean {
  return (
    (error instanceof TypeError && message === 'fetch failed') ||
    /Failed to download|fetch failed|aborted due to timeout/.test(message)
  );
}

function isFromFileSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function reasonOf(error: unknown, message: string): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null;
  return cause ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message;
}
