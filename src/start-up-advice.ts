import { EnvironmentError } from './environment.js';
import { KeyVaultError } from './key-vaults/key-vault.js';

/** What went wrong at the start, and what to do, in words for an operator. */
export function adviceFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof EnvironmentError || error instanceof KeyVaultError) return error.message;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const advice = ADVICE.find(({ codes }) => codes.includes(code)) ?? adviceByMessage(error);
  return advice ? `${advice.text}\n(${error.message || code})` : messagesOf(error);
}

// PostgreSQL's programs say so in words only.
function adviceByMessage({ message }: Error): Advice | undefined {
  return message.includes('No space left on device') ? ADVICE.find(({ codes }) => codes.includes('ENOSPC')) : undefined;
}

interface Advice {
  readonly codes: readonly string[];
  readonly text: string;
}

/** System error codes, and SQLSTATE codes of PostgreSQL. */
const ADVICE: readonly Advice[] = [
  { codes: ['EADDRINUSE'], text: 'The port is in use. Stop what listens there, or set TRS_PORT to another one.' },
  { codes: ['EADDRNOTAVAIL'], text: 'This machine has no such address. Set TRS_HOST to one of its own.' },
  { codes: ['EACCES', 'EPERM'], text: 'A file or port may not be used by this user. Check TRS_DATA_DIR and TRS_PORT.' },
  { codes: ['ENOSPC', '53100'], text: 'The disk is full. Free some space, then start again; nothing is lost.' },
  { codes: ['EROFS'], text: 'The file system is read-only. Set TRS_DATA_DIR to a folder that can be written.' },
  {
    codes: ['ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET'],
    text: 'No PostgreSQL answers there. Check host and port in DATABASE_URL.',
  },
  { codes: ['ENOTFOUND', 'EAI_AGAIN'], text: 'The host in DATABASE_URL cannot be found.' },
  { codes: ['28P01', '28000'], text: 'PostgreSQL refuses the user or password in DATABASE_URL.' },
  { codes: ['3D000'], text: 'The database in DATABASE_URL does not exist. Create it, or name another one.' },
  { codes: ['42501'], text: 'The user in DATABASE_URL may not create tables. Grant it the rights on its schema.' },
  {
    codes: ['53300'],
    text: 'PostgreSQL has no connections left. Raise max_connections or lower TRS_DATABASE_POOL_SIZE.',
  },
];

// An AggregateError of several connection attempts has no message of its own.
function messagesOf(error: Error): string {
  return error instanceof AggregateError ? error.errors.map(adviceFor).join('\n') : error.message;
}
