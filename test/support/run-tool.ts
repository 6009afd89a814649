import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const LARGEST_OUTPUT = 10_000_000;

/** Runs a program to its end. @returns its standard output. @throws Error with its messages when it fails. */
export async function runTool(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Buffer> {
  const options = { encoding: 'buffer', maxBuffer: LARGEST_OUTPUT, env: { ...process.env, ...env } } as const;
  return (await promisify(execFile)(program, [...args], options)).stdout;
}

export async function hasTool(program: string, args: readonly string[]): Promise<boolean> {
  return runTool(program, args).then(
    () => true,
    () => false,
  );
}
