import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { binariesIn } from './binaries.js';
import { askForDatabase } from './database-answer.js';
import { hasCode } from './error-codes.js';
import { isPostmasterOf, type Postmaster, removeStalePidFile, runningPostmaster } from './postmaster-process.js';
import { lastWords, openServerLog, sizeOf } from './server-log.js';
import { dataFolderArgument, runAs, type ServerUser } from './server-user.js';

const patience = 30_000;
const patienceWithRecovery = 15 * 60_000;
const patienceWithStop = 60_000;
const pause = 30;

/** What another start or stop at the same moment, or an unlucky port, may cause; trying again helps. */
const passingFailure = /already exists|pre-existing shared memory|could not bind|could not create any TCP/;

export interface Server {
  readonly cluster: string;
  readonly nativeFolder: string;
  readonly user: ServerUser;
  readonly password: string;
}

interface Launch {
  readonly child: ChildProcess;
  readonly logFile: string;
  readonly logSize: number;
  outcome?: Error;
}

/** Waits for the server that runs in the cluster, or else launches one; PostgreSQL itself lets only one in. */
export async function startOrAdopt(server: Server): Promise<Postmaster> {
  const lastMoment = Date.now() + patienceWithRecovery;
  let deadline = Date.now() + patience;
  let launch: Launch | undefined;
  try {
    for (; Date.now() < deadline; await sleep(pause)) {
      const running = await runningPostmaster(server.cluster);
      if (!running) launch = await launchUnlessUnderWay(server, launch);
      if (!running || running.state === 'stopping' || !running.port) continue;
      const answer = await askForDatabase(running.port, server.password);
      if (answer === 'ready') return running;
      // after a crash it replays its log first, which may take minutes and must not be cut short
      if (answer === 'recovering') deadline = Math.min(lastMoment, Date.now() + patience);
    }
    throw await timedOut(server.cluster);
  } catch (error) {
    if (launch && !launch.outcome) launch.child.kill('SIGINT');
    throw error;
  }
}

async function launchUnlessUnderWay(server: Server, previous: Launch | undefined): Promise<Launch> {
  if (!previous) return launchServer(server);
  if (!previous.outcome) return previous;
  const words = await lastWords(previous.logFile, previous.logSize);
  if (!passingFailure.test(words)) {
    const sentence = `PostgreSQL did not start in ${server.cluster}: ${previous.outcome.message}`;
    throw new Error(`${sentence}\n${words}`, { cause: previous.outcome });
  }
  await sleep(5 * pause);
  return launchServer(server);
}

async function launchServer(server: Server): Promise<Launch> {
  const { cluster, nativeFolder, user } = server;
  await removeStalePidFile(cluster);
  const logFile = join(dirname(cluster), 'postgres.log');
  const log = await openServerLog(logFile);
  try {
    const logSize = await sizeOf(logFile);
    const child = spawn(binariesIn(nativeFolder).postgres, await serverArguments(cluster, user), {
      ...runAs(user, cluster),
      // its own process group: Ctrl-C in a terminal must not stop it before this process has finished with it
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    const launch: Launch = { child, logFile, logSize };
    child.once('error', (error) => {
      launch.outcome = error;
    });
    child.once('exit', (code, signal) => {
      launch.outcome = new Error(`it ended with ${signal ?? `exit code ${code}`}`);
    });
    child.unref();
    return launch;
  } finally {
    await log.close();
  }
}

async function serverArguments(cluster: string, user: ServerUser): Promise<string[]> {
  const settings = { port: await freePort(), listen_addresses: '127.0.0.1', unix_socket_directories: '' };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', dataFolderArgument(user, cluster), ...options];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function timedOut(cluster: string): Promise<Error> {
  const running = await runningPostmaster(cluster);
  const what = running ? `process ${running.pid} is ${running.state || 'silent'}` : 'no process is running';
  const words = await lastWords(join(dirname(cluster), 'postgres.log'), 0).catch(() => '');
  return new Error(`PostgreSQL in ${cluster} was not ready after ${patience / 1000} s (${what})\n${words}`);
}

/** Shuts this server down without waiting for its clients (but after a checkpoint), and waits until it has ended. */
export async function stopPostmaster(server: Server, pid: number): Promise<void> {
  const { cluster } = server;
  if (!(await isPostmasterOf(cluster, pid))) return;
  await requestFastShutdown(server, pid);
  for (const deadline = Date.now() + patienceWithStop; Date.now() < deadline; await sleep(pause)) {
    if (!(await isPostmasterOf(cluster, pid))) return;
  }
  throw new Error(`PostgreSQL in ${cluster} (process ${pid}) is still stopping after ${patienceWithStop / 1000} s`);
}

async function requestFastShutdown({ cluster, nativeFolder }: Server, pid: number): Promise<void> {
  if (process.platform === 'win32') {
    // there a signal from Node would end it at once
    await promisify(execFile)(binariesIn(nativeFolder).pgCtl, ['stop', '--mode=fast', '-D', cluster]);
    return;
  }
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
