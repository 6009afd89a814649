import colors from 'picocolors';

export type Write = (text: string) => void;

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

  fail(message: string, details: readonly string[]): void {
    this.err(`${colors.red('Error:')} ${[message, ...details].join('\n  ')}\n`);
    if (this.isJson) this.out(`${JSON.stringify({ error: { message, details } }, null, 2)}\n`);
  }
}
