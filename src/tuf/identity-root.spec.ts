import { canonicalBytes } from './canonical-json.js';
import type { IdentityKey, IdentityVerifier } from './identity-key.js';
import { keyIdOf } from './key.js';
import type { Root, Signature } from './metadata.js';
import { type KeyPair, newKeyPairs, signedBy } from './testing/key-ring.js';
import { MemoryRepository } from './testing/memory-repository.js';
import { rootOf } from './testing/roots.js';

const [FIRST, ONLINE] = newKeyPairs(2) as [KeyPair, KeyPair];
const ANN: IdentityKey = {
  keytype: 'sigstore-oidc',
  scheme: 'Fulcio',
  keyval: { identity: 'ann@example.com', issuer: 'https://accounts.example.com' },
};
const ANN_ID = keyIdOf(ANN);
const PLAIN = rootOf({ rootKeys: [FIRST], online: [ONLINE] });
const ROOT: Root = {
  ...PLAIN,
  keys: { ...PLAIN.keys, [ANN_ID]: ANN },
  roles: { ...PLAIN.roles, root: { keyids: [FIRST.keyId, ANN_ID], threshold: 2 } },
};

/** Bundles that say of themselves whose they are, and of what. */
const identities: IdentityVerifier = ({ keyval: { identity } }, bytes, bundle) =>
  JSON.stringify(bundle) === JSON.stringify(bundleOf(identity, bytes));

function bundleOf(identity: string, bytes: Uint8Array): object {
  return { identity, bytes: Buffer.from(bytes).toString('base64') };
}

function byAnn(signed: object, identity = ANN.keyval.identity): Signature {
  return { keyid: ANN_ID, sig: '', bundle: bundleOf(identity, canonicalBytes(signed)) };
}

describe('a root key that is a Sigstore identity', () => {
  test('completes the first root with its bundle, which is published as it came', () => {
    const repository = new MemoryRepository({ online: [ONLINE], identities });
    const { outcomes } = repository.publish([{ kind: 'set-root', root: signedBy(ROOT, FIRST) }]);
    expect(outcomes).toEqual([{ state: 'succeeded', signingEvent: 'task-1', missingSignatures: 1 }]);
    const signature = byAnn(ROOT);
    repository.publish([{ kind: 'add-signature', signingEvent: 'task-1', signature }]);
    expect(repository.published?.root.signatures).toContainEqual(signature);
  });

  test('counts for the next root as one of the previous root', () => {
    const repository = new MemoryRepository({ online: [ONLINE], identities });
    const root = { signed: ROOT, signatures: [...signedBy(ROOT, FIRST).signatures, byAnn(ROOT)] };
    repository.publish([{ kind: 'set-root', root }]);
    const next: Root = { ...PLAIN, version: 2 };
    const signatures = [...signedBy(next, FIRST).signatures, byAnn(next)];
    repository.publish([{ kind: 'set-root', root: { signed: next, signatures } }]);
    expect(repository.published?.root.signed).toEqual(next);
  });

  test.each<[string, Signature]>([
    ['of another identity', byAnn(ROOT, 'bob@example.com')],
    ['of other content', byAnn({ ...ROOT, version: 2 })],
    ['without a bundle', { keyid: ANN_ID, sig: 'aa' }],
  ])('a signature %s is refused', (_name, signature) => {
    const repository = new MemoryRepository({ online: [ONLINE], identities });
    repository.publish([{ kind: 'set-root', root: signedBy(ROOT, FIRST) }]);
    const { outcomes } = repository.publish([{ kind: 'add-signature', signingEvent: 'task-1', signature }]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code: 'signature-invalid' } }]);
    expect(repository.published).toBeNull();
  });

  test('is refused where no Sigstore is trusted, even if it has not signed', () => {
    const repository = new MemoryRepository({ online: [ONLINE] });
    const { outcomes } = repository.publish([{ kind: 'set-root', root: signedBy(ROOT, FIRST) }]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code: 'sigstore-not-configured' } }]);
  });

  // The operator took the setting away while the event was open.
  test('cannot complete an event where no Sigstore is trusted any more', () => {
    const repository = new MemoryRepository({ online: [ONLINE], identities });
    repository.publish([{ kind: 'set-root', root: signedBy(ROOT, FIRST) }]);
    const without = new MemoryRepository({ online: [ONLINE] });
    without.openEvents = repository.openEvents;
    const change = { kind: 'add-signature', signingEvent: 'task-1', signature: byAnn(ROOT) } as const;
    const { outcomes } = without.publish([change]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code: 'sigstore-not-configured' } }]);
  });
});
