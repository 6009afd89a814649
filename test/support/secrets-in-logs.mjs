import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the services of a run leave what they logged, and tests the secrets that they used. */
const LOG_FOLDER = join(import.meta.dirname, '../../.trs/test/logs');

/** Access tokens, ID tokens and private keys are secrets wherever they come from; so many are used that they are told by their shape. */
const SHAPES = [
  /\btrs_(?:[0-9A-Za-z]{49}|[\w-]{43})(?![\w-])/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/g,
];

export async function startLogBook() {
  await rm(LOG_FOLDER, { recursive: true, force: true });
  process.env.TRS_TEST_LOG_FOLDER = LOG_FOLDER;
}

/** @throws Error naming each line of the logs of this run that holds a secret which the run used. */
export async function assertNoSecretsInLogs() {
  const files = await readdir(LOG_FOLDER).catch(() => []);
  const secrets = await readSecrets(files);
  const others = secrets.filter((secret) => !SHAPES.some((shape) => new RegExp(`^(?:${shape.source})$`).test(secret)));
  const found = [];
  for (const file of files.filter((name) => name.endsWith('.log'))) {
    const text = await readFile(join(LOG_FOLDER, file), 'utf8');
    found.push(...SHAPES.flatMap((shape) => [...text.matchAll(shape)].map(({ index }) => where(file, text, index))));
    found.push(...others.flatMap((secret) => (text.includes(secret) ? [where(file, text, text.indexOf(secret))] : [])));
  }
  if (found.length > 0) throw new Error(`the logs of this run hold secrets:\n${found.slice(0, 20).join('\n')}`);
}

async function readSecrets(files) {
  const lists = files.filter((name) => name.endsWith('.secrets'));
  const texts = await Promise.all(lists.map((name) => readFile(join(LOG_FOLDER, name), 'utf8')));
  return [
    ...new Set(
      texts.flatMap((text) =>
        text
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      ),
    ),
  ];
}

function where(file, text, index) {
  const start = text.lastIndexOf('\n', index) + 1;
  const end = text.indexOf('\n', index);
  return `${file}: ${text.slice(start, end < 0 ? undefined : end).slice(0, 400)}`;
}
