import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import colors from 'picocolors';
import type { RepositorySummary } from '../answers.js';
import { parseServer } from '../connection.js';
import { Service } from '../service.js';
import { DemoService } from './demo-service.js';
import { endEarlierDemo, forgetProcesses, recordProcesses } from './earlier-demo.js';
import { type FileServer, serveFolder } from './file-server.js';
import { downloadFile, holdDemoCeremony, publishFile, type Stage, tamperWithFile } from './story.js';
import { Transcript } from './transcript.js';

const here = dirname(fileURLToPath(import.meta.url));
const project = join(here, '..', '..', '..');
const dataFolder = join(project, '.trs', 'demo');
const scripts = { demo: fileURLToPath(import.meta.url), service: join(here, 'service-process.js') };
const processFile = join(dataFolder, 'processes.json');

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, () => stopping.abort());

let service: DemoService | null = null;
let files: FileServer | null = null;
try {
  process.chdir(project); // the commands shown are relative to it
  await run(process.argv.includes('--exit'));
} catch (error) {
  if (!stopping.signal.aborted) {
    process.exitCode = 1;
    process.stderr.write(`\n${colors.red('The demo failed:')} ${error instanceof Error ? error.message : error}\n`);
  }
} finally {
  await files?.stop();
  await service?.stop();
  await forgetProcesses(processFile);
}
if (process.connected) process.disconnect();

async function run(exits: boolean): Promise<void> {
  await mkdir(dataFolder, { recursive: true, mode: 0o755 });
  await endEarlierDemo(processFile, scripts, (text) => process.stdout.write(`${text}\n`));
  service = await DemoService.start(scripts.service, dataFolder);
  await recordProcesses(processFile, { demo: process.pid, service: service.pid });
  await service.untilItAnswers();
  const tokenFile = join(dataFolder, 'admin-token');
  const transcript = new Transcript({ ...process.env, TRS_SERVER: service.url, TRS_TOKEN_FILE: tokenFile, TRS_TOKEN: '' });
  tellOfService(transcript, service.url, tokenFile);

  const stage = await nextStage(service.url, tokenFile);
  const steps = [holdDemoCeremony, publishFile, downloadFile, tamperWithFile];
  files = await serveFolder(join(stage.folder, 'public'));
  for (const step of steps) {
    await step(transcript, stage, files);
    if (stopping.signal.aborted) return;
  }
  transcript.step('Everything worked');
  transcript.say(`Swagger UI   ${service.url}/api\nToken        ${await readFile(tokenFile, 'utf8')}             (kept in ${relative(project, tokenFile)})`);
  if (exits) return;
  transcript.say('\nPress Ctrl-C to stop.');
  await untilStopped(service);
  process.stdout.write('\nStopping …\n');
}

function tellOfService(transcript: Transcript, url: string, tokenFile: string): void {
  transcript.step(`The service runs at ${url}, on its own PostgreSQL`);
  transcript.say(`Data and log are in ${relative(project, dataFolder)}. To type the commands below yourself, in this folder:`);
  const program = join('dist', 'cli.js');
  transcript.shell(`alias trs="$PWD/node_modules/.bin/node $PWD/${program}"`);
  transcript.shell(`export TRS_SERVER=${url} TRS_TOKEN_FILE=$PWD/${relative(project, tokenFile)}`);
}

/** Repositories of earlier runs stay: each run makes a new one, demo, demo-2, … */
async function nextStage(url: string, tokenFile: string): Promise<Stage> {
  const connection = { server: parseServer(url), token: (await readFile(tokenFile, 'utf8')).trim() };
  const taken = new Set<string>();
  for await (const { name } of new Service(connection).items<RepositorySummary>('api/v1/repositories')) taken.add(name);
  let number = 1;
  const nameOf = (count: number) => (count === 1 ? 'demo' : `demo-${count}`);
  while (taken.has(nameOf(number)) || !(await isNew(nameOf(number)))) number += 1;
  const repository = nameOf(number);
  return { repository, folder: join('.trs', 'demo', 'runs', repository) };
}

async function isNew(repository: string): Promise<boolean> {
  const created = await mkdir(join(dataFolder, 'runs', repository), { recursive: true });
  return created !== undefined;
}

function untilStopped(running: DemoService): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stopping.signal.aborted) return resolve();
    stopping.signal.addEventListener('abort', () => resolve());
    running.onUnexpectedEnd((lastWords) => reject(new Error(`the service ended:\n${lastWords}`)));
  });
}
