import type { Command } from 'commander';
import { type CliEnvironment, readCliEnvironment } from './cli-environment.js';
import { CommandContext } from './command-context.js';
import type { ExitCode } from './command-error.js';
import type { ConnectionFlags } from './connection.js';
import { Output, type Write } from './output.js';

/** What surrounds a run of the command: a terminal and a process, or the program that embeds it. */
export interface Surroundings {
  readonly variables: NodeJS.ProcessEnv;
  readonly out: Write;
  readonly err: Write;
  readonly isInteractive: boolean;
}

export type Run<Flags> = (context: CommandContext, flags: Flags, operands: readonly string[]) => Promise<ExitCode>;

/** Makes a commander action of a function that takes its context and flags. */
export type BindAction = <Flags>(run: Run<Flags>) => (...given: unknown[]) => Promise<void>;

interface GlobalFlags extends ConnectionFlags {
  readonly json?: boolean;
}

export function bindTo(surroundings: Surroundings, end: (code: ExitCode) => void): BindAction {
  const environment: CliEnvironment = readCliEnvironment(surroundings.variables);
  return (run) =>
    async (...given) => {
      const command = given.at(-1) as Command; // commander's last argument
      const flags = command.optsWithGlobals<GlobalFlags>();
      const output = new Output(flags.json === true, surroundings.out, surroundings.err);
      const context = new CommandContext(output, environment, surroundings.isInteractive, flags);
      end(await run(context, flags as Parameters<typeof run>[1], command.args));
    };
}
