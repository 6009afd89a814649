import colors from 'picocolors';
import { EXIT, type ExitCode } from '../command-error.js';
import { runTrs } from '../run.js';

/** Tells what happens, step by step, with the commands a user would type; it runs those very commands. */
export class Transcript {
  private steps = 0;

  constructor(private readonly variables: NodeJS.ProcessEnv) {}

  step(title: string): void {
    this.steps += 1;
    process.stdout.write(`\n${colors.bold(`${this.steps}. ${title}`)}\n`);
  }

  say(text: string): void {
    process.stdout.write(`${text.replace(/^(?=.)/gm, '   ')}\n`);
  }

  shell(command: string): void {
    this.say(colors.cyan(`$ ${command}`));
  }

  /** Runs `trs` and shows it. @throws Error unless it ends with the exit code that is expected. */
  async trs(args: readonly string[], expected: ExitCode = EXIT.fine): Promise<void> {
    this.shell(`trs ${args.map(quoted).join(' ')}`);
    const show = (text: string) => this.say(text.replace(/\n$/, ''));
    const code = await runTrs(args, { variables: this.variables, out: show, err: show, isInteractive: false });
    if (code !== expected)
      throw new Error(`trs ${args.slice(0, 2).join(' ')} ended with exit code ${code}, not ${expected}`);
    if (expected !== EXIT.fine) this.say(`(exit code ${code})`);
  }
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
