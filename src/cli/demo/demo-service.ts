import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_PATIENCE_MS = 180_000;
const STOP_PATIENCE_MS = 60_000;
const USUAL_PORT = 3_000;

/** The service as a process of its own, on its embedded PostgreSQL. */
export class DemoService {
  private hasEnded = false;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly logFile: string,
  ) {
    child.once('exit', () => {
      this.hasEnded = true;
    });
  }

  static async start(script: string, dataFolder: string): Promise<DemoService> {
    const port = (await isFree(USUAL_PORT)) ? USUAL_PORT : await freePort();
    const logFile = join(dataFolder, 'service.log');
    const log = await open(logFile, 'w');
    const child = spawn(process.execPath, [script], {
      env: {
        ...ownEnvironment(),
        TRS_DATA_DIR: dataFolder,
        TRS_HOST: '127.0.0.1',
        TRS_PORT: String(port),
        TRS_LOG_FORMAT: 'text',
        NO_COLOR: '1',
      },
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      // its own process group: Ctrl-C in the terminal is for the demo, which then stops the service once
      detached: true,
    });
    await log.close();
    return new DemoService(child, `http://127.0.0.1:${port}`, logFile);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async untilItAnswers(signal: AbortSignal): Promise<void> {
    for (const deadline = performance.now() + START_PATIENCE_MS; performance.now() < deadline; await sleep(100)) {
      signal.throwIfAborted();
      if (this.hasEnded || this.pid === 0) throw new Error(`the service did not start:\n${await this.lastWords()}`);
      const answer = await fetch(`${this.url}/health/live`).catch(() => null);
      if (answer?.ok) return;
    }
    throw new Error(`the service did not answer at ${this.url} in time:\n${await this.lastWords()}`);
  }

  onUnexpectedEnd(act: (lastWords: string) => void): void {
    this.child.once('exit', async () => act(await this.lastWords()));
  }

  /** Closing the channel is the request to stop: the same as when the demo dies. */
  async stop(): Promise<void> {
    this.child.removeAllListeners('exit');
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.pid === 0) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.connected) this.child.disconnect();
    else this.child.kill('SIGTERM');
    await Promise.race([ended, sleep(STOP_PATIENCE_MS, undefined, { ref: false })]);
  }

  private async lastWords(): Promise<string> {
    return (await readFile(this.logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-15).join('\n');
  }
}

// What the user's own service is configured with is not for the demo.
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:TRS_|DATABASE_URL|PG)/.test(name)));
}

function isFree(port: number): Promise<boolean> {
  return listen(port).then(
    () => true,
    () => false,
  );
}

const freePort = () => listen(0);

function listen(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
