import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EXIT } from '../command-error.js';
import type { FileServer } from './file-server.js';
import type { Transcript } from './transcript.js';

const ARTIFACT = 'app/1.0/hello.txt';

/** Where one run of the demo keeps its things, relative to the project. */
export interface Stage {
  readonly repository: string;
  readonly folder: string;
}

export async function holdDemoCeremony(transcript: Transcript, { repository, folder }: Stage): Promise<void> {
  transcript.step(`A key ceremony makes the repository "${repository}"`);
  transcript.say('Throw-away root keys without a passphrase: for real ones leave out --no-passphrase and --yes.');
  const keys = ['--generate-keys', '3', '--keys-folder', `${folder}/root-keys`, '--threshold', '2', '--no-passphrase'];
  await transcript.trs(['ceremony', '--repository', repository, ...keys, '--root-out', `${folder}/root.json`, '--yes']);
}

export async function publishFile(transcript: Transcript, { repository, folder }: Stage): Promise<void> {
  transcript.step('A pipeline publishes a file');
  const file = join(folder, 'files', ARTIFACT);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `Hello from ${repository}, published at ${new Date().toISOString()}.\n`);
  const published = await publishedName(folder);
  await mkdir(dirname(published), { recursive: true });
  await copyFile(file, published);
  transcript.say('It uploads the file to where files are published already, under HASH.NAME:');
  transcript.shell(`cp ${file} ${published}`);
  transcript.say('and tells the service of it:');
  await transcript.trs(['artifact', 'add', `${folder}/files`, '--repository', repository]);
  await transcript.trs(['repository', 'show', repository]);
}

export async function downloadFile(transcript: Transcript, stage: Stage, files: FileServer): Promise<void> {
  transcript.step('A client downloads the file and verifies it, starting from the root of the ceremony');
  await transcript.trs(download(stage, files, 'downloads'));
  const [original, downloaded] = await Promise.all(
    ['files', 'downloads'].map((name) => readFile(join(stage.folder, name, ARTIFACT))),
  );
  if (!original || !downloaded?.equals(original)) throw new Error('the downloaded file is not the published one');
  transcript.say(`The bytes are the same: ${downloaded.toString('utf8').trim()}`);
}

export async function tamperWithFile(transcript: Transcript, stage: Stage, files: FileServer): Promise<void> {
  transcript.step('Somebody tampers with the published file');
  const published = await publishedName(stage.folder);
  const good = await readFile(published);
  const bad = Buffer.from(good.toString('utf8').replace('Hello', 'HELLO')); // as long as the good one
  await writeFile(published, bad);
  transcript.shell(`sed -i s/Hello/HELLO/ ${published}`);
  await transcript.trs(download(stage, files, 'tampered'), EXIT.notVerified);
  await writeFile(published, good);
  transcript.say('The client refuses it, and keeps nothing. (The demo has put the good file back.)');
}

function download({ repository, folder }: Stage, { url }: FileServer, out: string): string[] {
  const trust = ['--root', `${folder}/root.json`, '--trust-dir', `${folder}/trust`];
  return [
    'artifact',
    'download',
    ARTIFACT,
    '--repository',
    repository,
    '--targets-url',
    url,
    ...trust,
    '--out',
    `${folder}/${out}`,
  ];
}

async function publishedName(folder: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(join(folder, 'files', ARTIFACT)))
    .digest('hex');
  return join(folder, 'public', dirname(ARTIFACT), `${hash}.hello.txt`);
}
