import { createHash } from 'node:crypto';
import { linked, linkHash, NO_LINKS } from './chain.js';
import { auditEntries, auditEntry } from './testing/entries.js';

describe('a chain', () => {
  test('numbers entries from 1, and goes on where it ended', () => {
    const entries = auditEntries(5);
    const whole = linked(NO_LINKS, entries);
    const first = linked(NO_LINKS, entries.slice(0, 2));
    const { position, hash } = first.at(-1) ?? { position: 0, hash: '' };
    const rest = linked({ length: position, hash }, entries.slice(2));
    expect([...first, ...rest]).toEqual(whole);
    expect(whole.map((link) => link.position)).toEqual([1, 2, 3, 4, 5]);
  });

  test('hashes canonical JSON, so that anybody can compute it without this code', () => {
    const entry = auditEntry({
      id: '6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11',
      target: { b: [1, true, null], a: 'x"\\y' },
      task: null,
      credential: null,
    });
    const text =
      '{"_type":"trs-audit-link","entry":{"action":"add-artifacts","address":"192.0.2.7","after":null,' +
      '"at":"2026-01-31T12:00:00.000Z","before":null,"credential":null,"id":"6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11",' +
      '"principal":"administrator","repository":"demo","revision":null,"target":{"a":"x\\"\\\\y","b":[1,true,null]},' +
      `"task":null},"position":7,"previous":"${'0'.repeat(64)}"}`;
    expect(linkHash('0'.repeat(64), 7, entry)).toBe(createHash('sha256').update(text).digest('hex'));
  });
});
