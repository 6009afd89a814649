import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pythonEnvironment } from './python-environment.js';

const folder = join(import.meta.dirname, '../vaults');

export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

/** moto's server, which answers as AWS does, from a virtual environment of its own with the pinned version. */
export async function startMoto(): Promise<Moto> {
  const python = join(await pythonEnvironment(folder, 'moto'), 'python');
  const port = await freePort();
  const child = spawn(python, [join(folder, 'moto_server.py'), '-H', '127.0.0.1', '-p', `${port}`], {
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await answering(url, child);
  const stop = async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return { url, stop };
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`moto_server ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => null);
    if (answer) return;
    await pause(100);
  }
  throw new Error('moto_server does not answer');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
