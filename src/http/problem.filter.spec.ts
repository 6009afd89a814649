import type { FastifyReply } from 'fastify';
import { KeyVaultError } from '../key-vaults/key-vault.js';
import { sendProblem } from './problem.filter.js';

const failure = (code: string) => Object.assign(new Error('it failed'), { code });

function replyOf(headers: Map<string, unknown>): FastifyReply {
  const reply = {
    raw: { headersSent: false },
    header: (name: string, value: unknown) => {
      headers.set(name, value);
      return reply;
    },
    status: () => reply,
    send: () => reply,
  };
  return reply as unknown as FastifyReply;
}

describe('what nobody but the operator can help', () => {
  test.each<[string, unknown, string]>([
    ['a full disk', failure('ENOSPC'), 'storage-full'],
    ['a full disk of the database', failure('53100'), 'storage-full'],
    ['a full disk of the key vault', new KeyVaultError('cannot write', { cause: failure('ENOSPC') }), 'storage-full'],
    [
      'a key vault that fails otherwise',
      new KeyVaultError('no', { cause: failure('EACCES') }),
      'key-vault-unavailable',
    ],
    ['a database that is away', failure('ECONNREFUSED'), 'database-unavailable'],
  ])('is 503 with Retry-After: %s', (_, error, code) => {
    const headers = new Map<string, unknown>();
    expect(sendProblem(error, replyOf(headers))).toMatchObject({ status: 503, code });
    expect(headers.get('retry-after')).toBe(5);
  });
});
