import { readFile, stat } from 'node:fs/promises';
import { usageError } from './command-error.js';

export interface ConfigFile {
  readonly server?: string;
  readonly token?: string;
  readonly tokenFile?: string;
}

const FIELDS = ['server', 'token', 'tokenFile'];

/** The user's settings; nothing where there is no such file. */
export async function readConfigFile(file: string, warn: (text: string) => void): Promise<ConfigFile> {
  const text = await readIfThere(file);
  if (text === null) return {};
  const config = parseConfig(text, file);
  if (config.token !== undefined && (await othersMayRead(file))) {
    warn(`${file} holds a token and can be read by others; make it private: chmod 600 ${file}`);
  }
  return config;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function parseConfig(text: string, file: string): ConfigFile {
  const value = parseJson(text, file);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const isConfig =
    isObject && Object.entries(value).every(([name, field]) => FIELDS.includes(name) && typeof field === 'string');
  if (!isConfig) throw usageError(`${file} must be a JSON object with texts under ${FIELDS.join(', ')}`);
  return value as ConfigFile;
}

// The parser's message may quote the file, and with it the token.
function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usageError(`${file} is not JSON`);
  }
}

async function othersMayRead(file: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0;
}
