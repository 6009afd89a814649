import { EnvironmentError } from './environment.js';
import { KeyVaultError } from './key-vaults/key-vault.js';
import { adviceFor } from './start-up-advice.js';

const failure = (code: string, message = 'it failed') => Object.assign(new Error(message), { code });

describe('what an operator is told when the service cannot start', () => {
  test.each<[string, unknown, RegExp]>([
    ['a port in use', failure('EADDRINUSE'), /set TRS_PORT to another one/],
    ['a full disk', failure('ENOSPC'), /The disk is full\. Free some space/],
    ['a full disk, as PostgreSQL says it', new Error('could not write: No space left on device'), /The disk is full/],
    ['a full disk of the database', failure('53100'), /The disk is full/],
    ['a read-only file system', failure('EROFS'), /TRS_DATA_DIR/],
    ['no PostgreSQL', failure('ECONNREFUSED'), /No PostgreSQL answers there/],
    [
      'no PostgreSQL at any address of a host',
      new AggregateError([failure('ECONNREFUSED')]),
      /No PostgreSQL answers there/,
    ],
    ['a wrong password', failure('28P01'), /refuses the user or password/],
    ['an unknown database', failure('3D000'), /does not exist/],
    ['a wrong setting', new EnvironmentError('TRS_PORT: must be a number'), /^TRS_PORT: must be a number$/],
    ['a key that cannot be read', new KeyVaultError('cannot read k.pem'), /^cannot read k\.pem$/],
    ['anything else', new Error('something else'), /^something else$/],
    ['what is no error at all', 'words', /^words$/],
  ])('about %s', (_, error, advice) => {
    expect(adviceFor(error)).toMatch(advice);
  });
});
