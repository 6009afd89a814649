import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the services of a run leave what they logged, and tests the secrets that they used. */
const LOG_FOLDER = join(import.meta.dirname, '../../.trs/test/logs');

/** Access tokens, ID tokens and private keys are secrets wherever they come from; so many are used that they are told by their shape. */
const SHAPES = [
  /\btrs_(?:[0-9A-Za-z]{49}|[\w-]{43})(?![\w-])/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
  /\bwhsec_[A-Za-z0-9+/]{40,}=*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/g,
];

export async function startLogBook() {
  await rm(LOG_FOLDER, { recursive: true, force: true });
  await mkdir(LOG_FOLDER, { recursive: true });
  process.env.TRS_TEST_LOG_FOLDER = LOG_FOLDER;
}

/**
 * @throws Error naming each line of the logs of this run that holds a secret which the run used, and when there is
 * nothing to look at although services ran: an empty log holds no secret.
 */
export async function assertNoSecretsInLogs(folder = LOG_FOLDER) {
  const files = await readdir(folder);
  const secrets = await readSecrets(folder, files);
  const others = secrets.filter((secret) => !SHAPES.some((shape) => new RegExp(`^(?:${shape.source})$`).test(secret)));
  const spelled = new Set(others.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]));
  const found = [];
  for (const file of files.filter((name) => name.endsWith('.log'))) {
    const text = await readFile(join(folder, file), 'utf8');
    found.push(...SHAPES.flatMap((shape) => [...text.matchAll(shape)].map(({ index }) => where(file, text, index))));
    found.push(
      ...[...spelled]
        .filter((secret) => text.includes(secret))
        .map((secret) => where(file, text, text.indexOf(secret))),
    );
  }
  if (found.length > 0) throw new Error(`the logs of this run hold secrets:\n${found.slice(0, 20).join('\n')}`);
  for (const file of files.filter((name) => name.endsWith('.started'))) {
    const log = file.replace(/started$/, 'log');
    if (!files.includes(log)) throw new Error(`services ran in process ${file}, and left no log to look at`);
    if (secrets.length === 0) throw new Error('services ran, and no test told which secrets it used');
  }
}

async function readSecrets(folder, files) {
  const lists = files.filter((name) => name.endsWith('.secrets'));
  const texts = await Promise.all(lists.map((name) => readFile(join(folder, name), 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n').filter(Boolean));
  return [...new Set(lines.map((line) => JSON.parse(line)))];
}

function where(file, text, index) {
  const start = text.lastIndexOf('\n', index) + 1;
  const end = text.indexOf('\n', index);
  return `${file}: ${text.slice(start, end < 0 ? undefined : end).slice(0, 400)}`;
}
