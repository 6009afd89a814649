import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import colors from 'picocolors';
import type { RepositorySummary } from '../answers.js';
import { parseServer } from '../connection.js';
import { Service } from '../service.js';
import { DemoService } from './demo-service.js';
import { endEarlierDemo, forgetProcesses, recordProcesses } from './earlier-demo.js';
import { serveFolder } from './file-server.js';
import { downloadFile, holdDemoCeremony, publishFile, type Stage, tamperWithFile } from './story.js';
import { Transcript } from './transcript.js';

const here = dirname(fileURLToPath(import.meta.url));
const project = join(here, '..', '..', '..');
const dataFolder = join(project, '.trs', 'demo');
const scripts = { demo: fileURLToPath(import.meta.url), service: join(here, 'service-process.js') };
const tokenFile = join(dataFolder, 'admin-token');
const processFile = join(dataFolder, 'processes.json');

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, () => stopping.abort());

try {
  process.chdir(project); // the commands shown are relative to it
  await mkdir(dataFolder, { recursive: true });
  await endEarlierDemo(processFile, scripts, (text) => process.stdout.write(`${text}\n`));
  await runWithService(process.argv.includes('--exit'));
} catch (error) {
  if (!stopping.signal.aborted) {
    process.exitCode = 1;
    process.stderr.write(`\n${colors.red('The demo failed:')} ${error instanceof Error ? error.message : error}\n`);
  }
}
if (process.connected) process.disconnect();

async function runWithService(exits: boolean): Promise<void> {
  process.stdout.write('Starting the service …\n');
  const service = await DemoService.start(scripts.service, dataFolder);
  await recordProcesses(processFile, { demo: process.pid, service: service.pid });
  try {
    await service.untilItAnswers(stopping.signal);
    await runWithFiles(service, exits);
  } finally {
    process.stdout.write('\nStopping the service and its database …\n');
    await service.stop();
    await forgetProcesses(processFile);
  }
}

async function runWithFiles(service: DemoService, exits: boolean): Promise<void> {
  const { url } = service;
  const token = (await readFile(tokenFile, 'utf8')).trim();
  const stage = await nextStage(new Service({ server: parseServer(url), token }));
  const files = await serveFolder(join(stage.folder, 'public'));
  const variables = {
    ...process.env,
    TRS_SERVER: url,
    TRS_TOKEN_FILE: tokenFile,
    TRS_TOKEN: '',
    XDG_CONFIG_HOME: dataFolder,
  };
  const transcript = new Transcript(variables);
  tellOfService(transcript, url);
  try {
    for (const tell of [holdDemoCeremony, publishFile, downloadFile, tamperWithFile]) {
      stopping.signal.throwIfAborted();
      await tell(transcript, stage, files);
    }
    transcript.step('Everything worked');
    transcript.say(`Swagger UI  ${url}/api`);
    transcript.say(`Token       ${token}  (kept in ${relative(project, tokenFile)})`);
    if (exits) return;
    transcript.say('\nService and files stay up, so that you can try more. Press Ctrl-C to stop.');
    await untilStopped(service);
  } finally {
    await files.stop();
  }
}

function tellOfService(transcript: Transcript, url: string): void {
  transcript.step(`The service runs at ${url}, on its own PostgreSQL`);
  transcript.say(
    `Data and log are in ${relative(project, dataFolder)}. To type the commands below yourself, in this folder:`,
  );
  const program = join('dist', 'cli.js');
  transcript.shell(`alias trs="$PWD/node_modules/.bin/node $PWD/${program}"`);
  transcript.shell(`export TRS_SERVER=${url} TRS_TOKEN_FILE=$PWD/${relative(project, tokenFile)}`);
}

/** Repositories of earlier runs stay: each run makes a new one, demo, demo-2, … */
async function nextStage(service: Service): Promise<Stage> {
  const taken = new Set<string>();
  for await (const { name } of service.items<RepositorySummary>('api/v1/repositories')) taken.add(name);
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
