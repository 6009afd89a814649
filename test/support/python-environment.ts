import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasTool, runTool } from './run-tool.js';

export async function pythonMissing(): Promise<string | null> {
  return (await hasTool('python3', ['-c', 'import ensurepip, venv'])) ? null : 'python3 with venv is not installed';
}

/** The programs of a virtual environment with what `requirements.txt` in a folder pins, made before if it has not changed. */
export async function pythonEnvironment(folder: string, name: string): Promise<string> {
  const requirements = join(folder, 'requirements.txt');
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const built = join(folder, '.cache', `${name}-${version}`);
  const programs = join(built, 'bin');
  if (existsSync(join(built, 'whole'))) return programs; // pip may be killed
  await rm(built, { recursive: true, force: true });
  await runTool('python3', ['-m', 'venv', built]); // its scripts name their place, so it cannot be moved
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check'];
  await runTool(join(programs, 'python'), ['-m', 'pip', 'install', ...quiet, '--requirement', requirements]);
  await runTool('touch', [join(built, 'whole')]);
  return programs;
}
