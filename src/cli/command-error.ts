/** What the exit code of `trs` says; documented in `trs --help`, so stable. */
export const EXIT = {
  fine: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  notVerified: 4,
  unreachable: 5,
  unauthorized: 6,
  stillWaiting: 7,
  expiring: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODE_HELP = `
Exit codes:
  0    done, or waiting for signatures of people where the output says so ("awaiting-signatures" with --json)
  1    refused by the service, or failed
  2    wrong usage, or an answer is missing where nobody can be asked
  3    not found
  4    verification failed: do not use what was downloaded
  5    the service, a key vault or a URL cannot be reached
  6    the token is missing, not accepted, or does not allow this
  7    recorded by the service, but not visible yet when --wait was over
  8    something expires too soon: trs forecast --fail-within
  130  interrupted`;

/** Ends a command: a sentence for the user, further lines, and the exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** The stable code of the service's problem document, where there is one. */
  readonly code: string | undefined;

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly details: readonly string[] = [],
    options: ErrorOptions & { readonly code?: string } = {},
  ) {
    super(message, options);
    this.code = options.code;
  }
}

export function usageError(message: string, ...details: string[]): CommandError {
  return new CommandError(EXIT.usage, message, details);
}
