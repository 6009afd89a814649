// npm run demo: installs, builds, then runs the demo proper on the Node of the packages.
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installedNode, installPackages, SetupError } from './setup.mjs';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const nest = join(project, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
const demo = join(project, 'dist', 'cli', 'demo', 'demo.js');

try {
  installPackages();
  build();
  runDemo();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function build() {
  console.error('Building …');
  const { status, stdout, stderr, error } = spawnSync(installedNode, [nest, 'build'], {
    cwd: project,
    encoding: 'utf8',
  });
  if (status === 0) return;
  throw new SetupError(
    `${stdout ?? ''}${stderr ?? ''}\nThe build failed${error ? `: ${error.message}` : '; see above.'}`,
  );
}

// The channel tells the demo when this process is killed, so that nothing is left running.
function runDemo() {
  const child = spawn(installedNode, [demo, ...process.argv.slice(2)], {
    cwd: project,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`The demo cannot be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
