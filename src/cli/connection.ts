import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { CliEnvironment } from './cli-environment.js';
import { usageError } from './command-error.js';
import { type ConfigFile, readConfigFile } from './config-file.js';

/** Where the service is, and what opens it. */
export interface Connection {
  /** Ends with "/". */
  readonly server: URL;
  readonly token: string | undefined;
}

export interface ConnectionFlags {
  readonly server?: string;
  readonly token?: string;
}

const DEFAULT_SERVER = 'http://127.0.0.1:3000';
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Flags win over the environment, which wins over the config file. */
export async function findConnection(
  flags: ConnectionFlags,
  environment: CliEnvironment,
  warn: (text: string) => void,
): Promise<Connection> {
  const config = await readConfigFile(environment.configFile, warn);
  const server = parseServer(flags.server ?? environment.server ?? config.server ?? DEFAULT_SERVER);
  const token =
    flags.token ?? (await environmentToken(environment)) ?? (await configToken(config, server, environment.configFile));
  if (token !== undefined && server.protocol === 'http:' && !LOOPBACK.test(server.hostname)) {
    warn(`the token travels unencrypted to ${server.host}; use https`);
  }
  return { server, token: token === undefined ? undefined : parseToken(token) };
}

export function parseServer(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw usageError(`${text} is not the address of a service`, 'It must look like https://trs.example.com');
  }
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

async function environmentToken({ token, tokenFile }: CliEnvironment): Promise<string | undefined> {
  return token ?? (tokenFile === undefined ? undefined : readTokenFile(tokenFile, 'TRS_TOKEN_FILE'));
}

// The token of the config file is for the server that stands beside it, not for any server named elsewhere.
async function configToken(config: ConfigFile, server: URL, file: string): Promise<string | undefined> {
  if (config.server !== undefined && parseServer(config.server).href !== server.href) return undefined;
  if (config.token !== undefined) return config.token;
  return config.tokenFile === undefined
    ? undefined
    : readTokenFile(resolve(dirname(file), config.tokenFile), 'tokenFile');
}

async function readTokenFile(file: string, source: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw usageError(`${source}: cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
}

function parseToken(text: string): string {
  const token = text.trim();
  if (/^[!-~]{1,4096}$/.test(token)) return token;
  throw usageError('the token must be 1 to 4,096 printable characters without spaces');
}
