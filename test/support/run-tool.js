import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
const LARGEST_OUTPUT = 10_000_000;
/** Runs a program to its end. @returns its standard output. @throws Error with its messages when it fails. */
export async function runTool(program, args, env = {}) {
    const options = { encoding: 'buffer', maxBuffer: LARGEST_OUTPUT, env: { ...process.env, ...env } };
    return (await promisify(execFile)(program, [...args], options)).stdout;
}
export async function hasTool(program, args) {
    return runTool(program, args).then(() => true, () => false);
}
