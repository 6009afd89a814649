import { APPROVAL_NAMES, type Approval, needsApproval } from './approval.js';
import type { Change } from './change.js';

const change = (kind: Change['kind'], more: object = {}) => ({ kind, ...more }) as unknown as Change;

describe('approval', () => {
  test.each<[string, Change, Approval[]]>([
    ['removing artifacts', change('remove-artifacts'), ['artifact-removals']],
    ['removing a role, whose artifacts move', change('remove-role', { artifacts: 'move' }), ['delegations']],
    [
      'removing a role with its artifacts',
      change('remove-role', { artifacts: 'remove' }),
      ['artifact-removals', 'delegations'],
    ],
    ['delegating', change('add-role'), ['delegations']],
    ['changing a role', change('update-role'), ['delegations']],
    ['changing bins', change('set-bins'), ['delegations']],
    ['the next root', change('set-root'), ['roots']],
    ['adding artifacts', change('add-artifacts'), []],
    ['metadata that its people signed', change('set-metadata'), []],
    ['a signature', change('add-signature'), []],
    ['withdrawing an event', change('withdraw-signing-event'), []],
    ['settings', change('update-settings'), []],
    ['signing again', change('resign'), []],
  ])('is wanted for %s where %j', (_, asked, wanted) => {
    expect(APPROVAL_NAMES.filter((name) => needsApproval(asked, [name]))).toEqual(wanted);
    expect(needsApproval(asked, [])).toBe(false);
  });
});
