// Runs before there are any packages, on whatever Node there is: built-in modules only.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMUM_NODE = 20;
const project = dirname(dirname(fileURLToPath(import.meta.url)));

/** Node 24 from the packages: what `node` means in npm scripts once they are installed. */
export const installedNode = join(
  project,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** Installs the packages when they are missing or older than package-lock.json; says nothing when they are there. */
export function installPackages() {
  const version = Number.parseInt(process.versions.node, 10);
  if (version < MINIMUM_NODE)
    throw new SetupError(`This needs Node ${MINIMUM_NODE} or newer; this is ${process.version}.`);
  if (!areInstalled()) {
    console.error('Installing packages (npm ci); the first time this takes a minute or so …');
    // the build needs the development packages, whatever the npm configuration leaves out
    const status = runNpm(['ci', '--include=dev', '--include=optional', '--loglevel=error']);
    if (status !== 0)
      throw new SetupError('npm ci failed: see above. Is there a network, and are the folders writable?');
  }
  if (!existsSync(installedNode)) throw new SetupError(missingNode);
}

export class SetupError extends Error {}

// npm writes this file last, so a killed npm ci leaves none or an old one.
function areInstalled() {
  const done = modifiedAt(join(project, 'node_modules', '.package-lock.json'));
  return done !== null && done >= (modifiedAt(join(project, 'package-lock.json')) ?? 0);
}

function modifiedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

function runNpm(args) {
  const npm = process.env.npm_execpath;
  const options = { cwd: project, stdio: ['ignore', process.stderr, process.stderr] };
  const isScript = npm !== undefined && /\.[cm]?js$/.test(npm);
  const done = isScript
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (done.error) throw new SetupError(`npm cannot be started: ${done.error.message}`);
  return done.status ?? 1;
}

const missingNode = `The package "node" was installed without its program (${installedNode}).
Are install scripts switched off (npm config get ignore-scripts)? Then run: npm rebuild node --ignore-scripts=false`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    installPackages();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
