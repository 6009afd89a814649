import type { AuditEntry } from './audit-entry.js';
import { type ChainHead, type ChainLink, linked, NO_LINKS } from './chain.js';
import { ChainWalk, type ReadLink } from './chain-walk.js';
import { auditEntries } from './testing/entries.js';

const LENGTH = 6;

function chain(): ChainLink[] {
  return linked(NO_LINKS, auditEntries(LENGTH));
}

function walk(links: readonly ReadLink[], known: readonly ChainHead[] = [], repository: string | null = 'demo') {
  const walked = new ChainWalk(repository, new Set(known.map(({ length }) => length)));
  for (const link of links) walked.follow(link);
  return walked;
}

function headAt(links: readonly ChainLink[], length: number): ChainHead {
  return { length, hash: links[length - 1]?.hash ?? NO_LINKS.hash };
}

/** One field of the entry at this place written anew, as somebody with the database would. */
function edited(links: readonly ChainLink[], position: number, edit: Partial<AuditEntry>): ReadLink[] {
  return links.map((link) => (link.position === position ? { ...link, entry: { ...link.entry, ...edit } } : link));
}

describe('a walk along a chain', () => {
  test('finds nothing wrong with what was written', () => {
    const links = chain();
    const walked = walk(links, [headAt(links, 3)]);
    expect([walked.fault, walked.head]).toEqual([null, headAt(links, LENGTH)]);
    expect([0, 3].map((length) => walked.differenceFrom(headAt(links, length)))).toEqual([null, null]);
  });

  test.each<[string, Partial<AuditEntry>]>([
    ['id', { id: '6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11' }],
    ['at', { at: '2026-01-31T12:00:00.001Z' }],
    ['principal', { principal: 'somebody else' }],
    ['principal, gone', { principal: null }],
    ['credential', { credential: null }],
    ['address', { address: '192.0.2.8' }],
    ['action', { action: 'remove-artifacts' }],
    ['target', { target: { artifacts: { count: 2, first: [] } } }],
    ['task', { task: null }],
    ['revision', { revision: 99 }],
    ['before', { before: { timestamp: { version: 1, sha256: '' } } }],
    ['after', { after: { timestamp: { version: 1, sha256: '' } } }],
    ['a field that no entry has', { extra: true } as Partial<AuditEntry>],
    ['a number that has no canonical form', { revision: 1.5 }],
  ])('finds an edit: %s', (_, edit) => {
    const walked = walk(edited(chain(), 4, edit));
    expect(walked.fault).toMatch(/^entry 4 is not what was written/);
    expect(walked.head.length).toBe(3);
  });

  test('finds an entry that is gone, with its link or without', () => {
    const links = chain();
    expect(walk(links.filter(({ position }) => position !== 4)).fault).toMatch(/^entry 4 is missing/);
    const withoutEntry = links.map((link) => (link.position === 4 ? { ...link, entry: null } : link));
    expect(walk(withoutEntry).fault).toMatch(/^entry 4 is missing/);
  });

  test('finds an entry that is gone where the others were numbered anew', () => {
    const closed = chain()
      .filter(({ position }) => position !== 4)
      .map((link, index) => ({ ...link, position: index + 1 }));
    expect(walk(closed).fault).toMatch(/^entry 4 is not what was written/);
  });

  test('finds two entries that changed places', () => {
    const links = chain();
    const swapped = links.map((link) => ({
      ...link,
      entry: links.at(link.position === 2 ? 2 : link.position - 1)?.entry ?? null,
    }));
    expect(walk(swapped).fault).toMatch(/^entry 2/);
  });

  test('finds the chain of another repository', () => {
    expect(walk(chain(), [], 'other').fault).toBe('entry 1 is of another chain');
    expect(walk(chain(), [], null).fault).toBe('entry 1 is of another chain');
  });

  test('finds a tail that was cut off, and a history that was written anew, by a head that is known', () => {
    const links = chain();
    const known = headAt(links, 5);
    expect(walk(links.slice(0, 4), [known]).differenceFrom(known)).toMatch(/^it ends after 4 entries, where it had 5/);
    const rewritten = linked(NO_LINKS, auditEntries(LENGTH));
    const walked = walk(rewritten, [known]);
    expect(walked.fault).toBeNull();
    expect(walked.differenceFrom(known)).toMatch(/rewritten/);
  });
});
