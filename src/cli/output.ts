import colors from 'picocolors';

export type Write = (text: string) => void;

export interface Failure {
  readonly code?: string | undefined;
  readonly message: string;
  readonly details: readonly string[];
}

/** Results go to stdout, everything said along the way to stderr; with `--json`, stdout gets one document. */
export class Output {
  constructor(
    readonly isJson: boolean,
    private readonly out: Write,
    private readonly err: Write,
  ) {}

  /** Shows the result of a command: `value` with `--json`, else the text. */
  show(value: unknown, text: () => string): void {
    this.out(this.isJson ? `${JSON.stringify(value, null, 2)}\n` : `${text()}\n`);
  }

  note(text: string): void {
    this.err(`${text}\n`);
  }

  warn(text: string): void {
    this.err(`${colors.yellow('Warning:')} ${text}\n`);
  }

  fail(failure: Failure): void {
    this.err(`${colors.red('Error:')} ${[failure.message, ...failure.details].join('\n  ')}\n`);
    this.failDocument(failure);
  }

  /** Also where the words were said already: a script that asked for JSON gets JSON. */
  failDocument({ code, message, details }: Failure): void {
    if (this.isJson) this.out(`${JSON.stringify({ error: { code, message, details } }, null, 2)}\n`);
  }
}
