import { reviewEvent } from './event-review.js';
import type { Targets } from './metadata.js';
import { artifact } from './testing/artifacts.js';
import { add, addRole, removeRole, signature, signatureFor, updateRole, withdraw } from './testing/changes.js';
import {
  ONLINE,
  PEOPLE,
  TARGETS_KEYS,
  withOfflineTargets,
  withOnlineTargets,
} from './testing/delegating-repository.js';
import { newKeyPair } from './testing/key-ring.js';
import type { MemoryRepository } from './testing/memory-repository.js';
import { NOW, secondsAfter } from './testing/roots.js';

const [ALICE, BOB] = PEOPLE;
const [TARGETS_KEY] = TARGETS_KEYS;
const DAY = 86_400;

function withTeam(): MemoryRepository {
  const repository = withOnlineTargets();
  repository.publish([addRole({ name: 'team', paths: ['a/*'], keys: [ALICE, BOB], threshold: 2 })]);
  repository.signEvent('team', ALICE, BOB);
  repository.publish([add(artifact('a/1'))]);
  return repository;
}

describe('a signature for what waits', () => {
  test('counts down, in any order, and publishes with the last one', () => {
    const repository = withTeam();
    const event = repository.eventOf('team');
    const first = repository.publish([signatureFor(event, BOB)]);
    expect(first.outcomes).toEqual([{ state: 'succeeded', signingEvent: event.id, missingSignatures: 1 }]);
    expect(first.revision).toBeNull();
    const last = repository.publish([signatureFor(event, ALICE)]);
    expect(last.outcomes).toEqual([{ state: 'succeeded' }]);
    expect(last.plan.signingEvents).toMatchObject([{ id: event.id, state: 'completed' }]);
    expect(repository.placed()).toEqual(['team: a/1']);
  });

  test('may come with the others in one burst', () => {
    const repository = withTeam();
    const event = repository.eventOf('team');
    const { outcomes, revision } = repository.publish([signatureFor(event, BOB), signatureFor(event, ALICE)]);
    expect(outcomes).toHaveLength(2);
    expect(revision).not.toBeNull();
  });

  test.each([
    ['a stranger', newKeyPair(), 'signature-foreign'],
    ['a key of another role', ONLINE[0], 'signature-foreign'],
  ])('is refused from %s', (_name, signer, code) => {
    const repository = withTeam();
    const { outcomes, plan } = repository.publish([signatureFor(repository.eventOf('team'), signer)]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code } }]);
    expect(plan).toMatchObject({ content: null, signingEvents: [] });
  });

  test('is refused a second time, over other content, and for what is closed', () => {
    const repository = withTeam();
    const event = repository.eventOf('team');
    repository.publish([signatureFor(event, BOB)]);
    const again = repository.publish([signatureFor(event, BOB)]);
    expect(again.outcomes).toMatchObject([{ refusal: { code: 'signature-repeated' } }]);
    const other = repository.publish([signature(event.id, { ...event.metadata.signed, version: 9 }, ALICE)]);
    expect(other.outcomes).toMatchObject([{ refusal: { code: 'signature-invalid' } }]);
    repository.publish([signatureFor(event, ALICE)]);
    const late = repository.publish([signatureFor(event, ALICE)]);
    expect(late.outcomes).toMatchObject([{ refusal: { code: 'signing-event-closed' } }]);
  });

  test('is refused for what expired while it waited', () => {
    const repository = withTeam();
    const event = repository.eventOf('team');
    repository.publish([signatureFor(event, BOB)]);
    repository.now = secondsAfter(NOW, 91 * DAY);
    expect(repository.plan([signatureFor(event, ALICE)]).outcomes).toMatchObject([
      { refusal: { code: 'metadata-expired' } },
    ]);
  });

  test('is for one version: what was changed since has an event of its own', () => {
    const repository = withTeam();
    const event = repository.eventOf('team');
    const { plan } = repository.publish([add(artifact('a/2'))]);
    const next = repository.eventOf('team');
    expect(plan.signingEvents).toMatchObject([
      { id: event.id, state: 'superseded', reason: `superseded by ${next.id}` },
      { id: next.id, state: 'open' },
    ]);
    expect(repository.publish([signatureFor(event, ALICE)]).outcomes).toMatchObject([
      { refusal: { code: 'signing-event-closed' } },
    ]);
  });

  test('goes first in a burst; what would change it waits for the next revision', () => {
    const repository = withTeam();
    repository.publish([signatureFor(repository.eventOf('team'), BOB)]);
    const changes = [signatureFor(repository.eventOf('team'), ALICE), updateRole('team', { terminating: true })];
    const { outcomes } = repository.publish(changes);
    expect(outcomes).toHaveLength(1);
    expect(repository.publish(changes.slice(1)).outcomes).toEqual([{ state: 'succeeded' }]);
  });

  test('does not keep artifacts of its burst from being published or proposed', () => {
    const repository = withTeam();
    repository.publish([signatureFor(repository.eventOf('team'), BOB)]);
    const { outcomes } = repository.publish([
      signatureFor(repository.eventOf('team'), ALICE),
      add(artifact('b'), artifact('a/2')),
    ]);
    expect(outcomes).toMatchObject([{}, { artifacts: [{ result: 'added' }, { result: 'awaiting-signatures' }] }]);
    expect(repository.placed()).toEqual(['targets: b', 'team: a/1']);
    expect(repository.eventOf('team').metadata.signed.version).toBe(3);
  });
});

describe('a withdrawal', () => {
  test('ends what waits with its reason, and leaves what is published', () => {
    const repository = withTeam();
    const { outcomes, plan } = repository.publish([withdraw(repository.eventOf('team').id, 'wrong build')]);
    expect(outcomes).toMatchObject([{ state: 'succeeded' }]);
    expect(plan).toMatchObject({ content: null, signingEvents: [{ state: 'withdrawn', reason: 'wrong build' }] });
    expect(repository.openEvents).toEqual([]);
  });

  test.each([
    ['the role', 'team'],
    ['targets', 'targets'],
  ])('of %s ends what would wait for it for ever', (_name, role) => {
    const repository = withOfflineTargets();
    repository.publish([addRole({ name: 'team', paths: ['a/*'], keys: [ALICE] })]);
    repository.publish([withdraw(repository.eventOf(role).id)]);
    expect(repository.openEvents).toEqual([]);
    expect(repository.publish([addRole({ name: 'team', paths: ['a/*'], keys: [BOB] })]).outcomes).toMatchObject([
      { state: 'succeeded', missingSignatures: 1 },
    ]);
  });

  test('of a role that the service would delegate to leaves its name free', () => {
    const repository = withOnlineTargets();
    repository.publish([addRole({ name: 'team', paths: ['a/*'], keys: [ALICE] })]);
    repository.publish([withdraw(repository.eventOf('team').id)]);
    expect(repository.publish([removeRole('team', 'move')]).outcomes).toMatchObject([
      { refusal: { code: 'role-unknown' } },
    ]);
    const again = repository.publish([addRole({ name: 'team', paths: ['a/*'], keys: [ONLINE[0]] })]);
    expect(again.outcomes).toEqual([{ state: 'succeeded' }]);
  });

  test('is refused for what is closed', () => {
    const repository = withTeam();
    const change = withdraw(repository.eventOf('team').id);
    repository.publish([change]);
    expect(repository.publish([change]).outcomes).toMatchObject([{ refusal: { code: 'signing-event-closed' } }]);
  });
});

describe('signers are told', () => {
  test('what a version changes, who has signed it and who may', () => {
    const repository = withTeam();
    repository.publish([signatureFor(repository.eventOf('team'), BOB)]);
    const event = repository.eventOf('team');
    expect(reviewEvent(event, repository.role('team'), repository.tree, NOW)).toMatchObject({
      changes: [expect.stringMatching(/^artifact a\/1 added: 3 bytes, sha256 /)],
      warnings: [expect.stringMatching(/^all 2 keys must sign/)],
      thresholds: [{ of: 'this role', threshold: 2, missing: 1 }],
      signedBy: [BOB.keyId],
      mayBeSignedBy: [ALICE.keyId],
      missingSignatures: 1,
    });
  });

  test('of a first version as a whole', () => {
    const repository = withOfflineTargets();
    repository.publish([addRole({ name: 'team', paths: ['a/*'], keys: [ALICE] })]);
    const { metadata } = repository.eventOf('targets');
    expect(reviewEvent(repository.eventOf('team'), null, repository.tree, NOW).changes[0]).toBe('it lists nothing yet');
    const review = reviewEvent(repository.eventOf('targets'), repository.role('targets'), repository.tree, NOW);
    expect(review.changes[0]).toMatch(/^delegated role team added for a\/\*: 1 of 1 keys must sign/);
    expect(review.mayBeSignedBy).toEqual([TARGETS_KEY.keyId]);
    expect((metadata.signed as Targets).delegations?.roles).toHaveLength(1);
  });
});
