import { CommanderError } from 'commander';
import { TufError } from '../tuf/errors.js';
import { bindTo, type Surroundings } from './bind-action.js';
import { CommandError, EXIT, type ExitCode } from './command-error.js';
import { keyVaultFailure } from './key-vault-failure.js';
import { type Failure, Output } from './output.js';
import { trsProgram } from './program.js';

/** Runs `trs` with these arguments; never throws, never ends the process. */
export async function runTrs(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.fine;
  const bind = bindTo(surroundings, (code) => {
    exitCode = code;
  });
  try {
    await trsProgram(bind, surroundings).parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    const failure = failureOf(error);
    const output = new Output(args.includes('--json'), surroundings.out, surroundings.err);
    if (!(error instanceof CommanderError)) output.fail(failure);
    else if (failure.exitCode !== EXIT.fine) output.failDocument(failure);
    return failure.exitCode;
  }
}

function failureOf(error: unknown): Failure & { readonly exitCode: ExitCode } {
  if (error instanceof CommandError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CommanderError)
    return { exitCode: isHelp(error) ? EXIT.fine : EXIT.usage, message, details: [] };
  if (error instanceof Error && error.name === 'ExitPromptError') {
    return { exitCode: EXIT.interrupted, message: 'cancelled', details: [] };
  }
  if (error instanceof TufError) return { exitCode: EXIT.failed, message, details: [] };
  return keyVaultFailure(error) ?? { exitCode: EXIT.failed, message: systemMessage(error) ?? message, details: [] };
}

// Asking for help is fine; being shown help instead of an answer is not.
function isHelp({ code, exitCode }: CommanderError): boolean {
  return (
    exitCode === 0 && (code === 'commander.helpDisplayed' || code === 'commander.help' || code === 'commander.version')
  );
}

const SYSTEM_MESSAGES: Readonly<Record<string, string>> = {
  EACCES: 'may not be used by this user',
  EPERM: 'may not be used by this user',
  ENOENT: 'does not exist',
  EISDIR: 'is a folder',
  ENOTDIR: 'is not in a folder',
  ENOSPC: 'cannot be written: the disk is full',
  EROFS: 'cannot be written: the file system is read-only',
};

function systemMessage(error: unknown): string | null {
  const { code = '', path } = error as NodeJS.ErrnoException;
  const what = SYSTEM_MESSAGES[code];
  return what && path ? `${path} ${what}` : null;
}
