import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../clients/run-program.js';
import { pythonEnvironment } from '../support/python-environment.js';
import type { Scene } from './scene.js';

/** What Schemathesis found. */
export interface FuzzReport {
  /** Everything that it prints, with each failure and how to see it again. */
  readonly output: string;
  readonly exitCode: number | null;
  readonly seed: number;
  readonly operations: { readonly selected: number; readonly tested: number };
  readonly testCases: number;
  /** The operations that did what they are for at least once, as `GET /api/v1/keys`. */
  readonly succeeded: ReadonlySet<string>;
}

export interface Asked {
  readonly document: string;
  readonly token: string;
  readonly tokenId: string;
  readonly seed: number;
}

const here = import.meta.dirname;

/** Runs Schemathesis over a served OpenAPI document, in a folder of its own, where it finds what the scene has. */
export async function runSchemathesis({ document, token, tokenId, seed }: Asked, scene: Scene): Promise<FuzzReport> {
  const programs = await pythonEnvironment(here, 'schemathesis');
  const folder = await mkdtemp(join(tmpdir(), 'trs-fuzz-'));
  try {
    await prepare(folder, scene);
    const report = ['--report', 'json', '--report-json-path', 'report.json'];
    const { exitCode, stdout, stderr } = await runProgram(
      [join(programs, 'st'), 'run', document, '--seed', `${seed}`, '--no-color', ...report],
      { cwd: folder, env: { TRS_TOKEN: token, TRS_TOKEN_ID: tokenId } },
    );
    return { output: stdout + stderr, exitCode, ...(await findings(folder)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(folder: string, { things, examples }: Scene): Promise<void> {
  for (const file of ['schemathesis.toml', 'hooks.py']) await copyFile(join(here, file), join(folder, file));
  await writeFile(join(folder, 'examples.json'), JSON.stringify(examples));
  for (const [name, values] of Object.entries(things)) {
    await writeFile(join(folder, `${name}.dict`), values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  }
}

async function findings(folder: string): Promise<Omit<FuzzReport, 'output' | 'exitCode'>> {
  const read = (file: string) => readFile(join(folder, file), 'utf8').catch(() => '');
  const { seed, operations, test_cases } = JSON.parse((await read('report.json')) || '{}');
  const succeeded = new Set((await read('successes.txt')).split('\n').filter(Boolean));
  return { seed, operations, testCases: test_cases?.generated ?? 0, succeeded };
}
