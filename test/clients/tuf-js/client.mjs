// A command-line shell over the stock tuf-js client; the contract is in ../README.md.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Updater } from 'tuf-js';

// The models that tuf-js itself uses, whichever version that is.
const { Targets } = createRequire(import.meta.resolve('tuf-js'))('@tufjs/models');

const NOT_FOUND = 3;
const REFUSED = 4;
const FAILED = 1;

const commands = { init, refresh, download, match };

let options = {};

try {
  const { positionals, values } = parseArguments();
  options = values;
  const [name] = positionals;
  if (!Object.hasOwn(commands, name ?? '')) throw exit(FAILED, 'expected init, refresh, download or match');
  await commands[name]();
} catch (error) {
  console.error(oneLine(error));
  process.exitCode = error.exitCode ?? (isFromOutside(error) ? FAILED : REFUSED);
}

function init() {
  const dir = required('dir');
  mkdirSync(dir, { recursive: true });
  copyFileSync(required('root'), join(dir, 'root.json'));
}

async function refresh() {
  await updater().refresh();
  const versions = ['root', 'timestamp', 'snapshot', 'targets'].map((role) => [role, trustedVersion(role)]);
  print(Object.fromEntries(versions));
}

async function download() {
  const [path, out, targetsUrl] = [required('target'), required('out'), required('targets-url')];
  const client = updater();
  await client.refresh();
  const target = await client.getTargetInfo(path);
  if (!target) throw exit(NOT_FOUND, `target ${path} not found`);
  await client.downloadTarget(target, out, targetsUrl);
  const content = readFileSync(out);
  print({ path, length: content.length, sha256: createHash('sha256').update(content).digest('hex') });
}

function match() {
  const questions = JSON.parse(readFileSync(required('file'), 'utf8'));
  print(questions.map(isDelegated));
}

/** Null where tuf-js refuses the delegation. */
function isDelegated({ path, ...only }) {
  const paths = 'prefix' in only ? { path_hash_prefixes: [only.prefix] } : { paths: [only.pattern] };
  const role = { name: 'asked', keyids: [], threshold: 1, terminating: false, ...paths };
  const signed = { _type: 'targets', spec_version: '1.0.31', version: 1, expires: '2030-01-01T00:00:00Z', targets: {} };
  let targets;
  try {
    targets = Targets.fromJSON({ ...signed, delegations: { keys: {}, roles: [role] } });
  } catch {
    return null;
  }
  return [...targets.delegations.rolesForTarget(path)].length > 0;
}

function updater() {
  return new Updater({
    metadataDir: required('dir'),
    metadataBaseUrl: required('metadata-url'),
    config: { prefixTargetsWithHash: !options['no-hash-prefix'] },
  });
}

function trustedVersion(role) {
  return JSON.parse(readFileSync(join(options.dir, `${role}.json`), 'utf8')).signed.version;
}

/** tuf-js wraps what the network said in errors of its own, so that only the text tells it from a refusal. */
function isFromOutside(error) {
  const isSystemError = typeof error.syscall === 'string';
  return isSystemError || /Failed to download|fetch failed|aborted due to timeout|Invalid URL/.test(error.message);
}

function parseArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        dir: { type: 'string' },
        root: { type: 'string' },
        'metadata-url': { type: 'string' },
        'targets-url': { type: 'string' },
        file: { type: 'string' },
        target: { type: 'string' },
        out: { type: 'string' },
        'no-hash-prefix': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw exit(FAILED, error.message);
  }
}

function required(name) {
  if (!options[name]) throw exit(FAILED, `--${name} is required`);
  return options[name];
}

function exit(exitCode, message) {
  return Object.assign(new Error(message), { exitCode });
}

function print(value) {
  console.log(JSON.stringify(value));
}

function oneLine(error) {
  return String(error.message).replace(/\s+/g, ' ');
}
