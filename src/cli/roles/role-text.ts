import colors from 'picocolors';
import { counted, describeMoment, describeSeconds, relativeTime } from '../moment.js';
import { printable } from '../printable.js';
import { facts, table } from '../table.js';
import { isBin, type RoleAnswer } from './role-answer.js';
import { describePrefix } from './role-flags.js';

/** How much of the paths a line of the list has room for. */
const PATHS_WIDTH = 40;

/** One line for each role; bins of one delegator share one. */
export function describeRoles(repository: string, roles: readonly RoleAnswer[], all: boolean, now: Date): string {
  const bins = all ? [] : roles.filter(isBin);
  const named = roles.filter((role) => !bins.includes(role)).sort(byTree);
  const rows = named.map((role) => row(role, now));
  const groups = Map.groupBy(bins, ({ delegator }) => delegator ?? '');
  const kinds = new Map(roles.map(({ name, bins: own }) => [name, own?.kind]));
  const binRows = [...groups].map(([delegator, members]) => binsRow(delegator, kinds.get(delegator), members, now));
  const waiting = named.filter(({ signingEvent }) => signingEvent !== null);
  const list = table(
    ['Role', 'Version', 'Expires', 'Signatures', 'Signed', 'Delegated by', 'For'],
    [...rows, ...binRows],
  );
  if (waiting.length === 0) return list;
  return `${list}\n\nNext versions that wait for signatures: ${waiting.map(({ name }) => name).join(', ')}. See them: trs event list --repository ${repository}`;
}

export function describeRole(role: RoleAnswer, now: Date): string {
  const { delegator, position, bins, lifetime, signingEvent } = role;
  return facts([
    ['Role', role.name],
    ['Version', role.version === null ? colors.yellow('waits for its first signatures') : role.version],
    ...(role.expires ? [['Expires', describeMoment(role.expires, now)] as const] : []),
    [
      'Valid for',
      `${describeSeconds(lifetime.expiry)}, signed again ${describeSeconds(lifetime.renewalWindow)} before the end`,
    ],
    ...(delegator
      ? [['Delegated by', position === null ? delegator : `${delegator}, as number ${position + 1}`] as const]
      : []),
    ...pathsOf(role).map((path, index) => [index === 0 ? 'For' : '', path] as const),
    ...(role.terminating === null ? [] : [['Terminating', role.terminating ? 'yes' : 'no'] as const]),
    ['Signatures', `${role.threshold} of ${counted(role.keyIds.length, 'key')}`],
    ...role.keyIds.map(
      (keyid, index) =>
        [index === 0 ? 'Keys' : '', `${keyid}${role.onlineKeyIds.includes(keyid) ? ' (online)' : ''}`] as const,
    ),
    ...(bins
      ? [
          [
            'Hash bins',
            `${bins.count.toLocaleString('en-US')} ${bins.kind}, signed by ${bins.keyIds.join(', ')}`,
          ] as const,
        ]
      : []),
    ...(signingEvent ? [['Signing event', signingEvent] as const] : []),
  ]);
}

function row(role: RoleAnswer, now: Date) {
  return [
    role.name,
    role.version === null ? colors.yellow('-') : String(role.version),
    role.expires ? relativeTime(new Date(role.expires), now) : colors.yellow('unsigned'),
    `${role.threshold} of ${role.keyIds.length}`,
    isOnline(role) ? 'online' : 'by people',
    role.delegator ?? '-',
    describePaths(role),
  ];
}

function binsRow(delegator: string, kind: string | undefined, bins: readonly RoleAnswer[], now: Date) {
  const versions = bins.map(({ version }) => version ?? 0);
  const [lowest, highest] = [Math.min(...versions), Math.max(...versions)];
  const first = bins.map(({ expires }) => expires ?? '').sort()[0] ?? '';
  return [
    `${bins.length.toLocaleString('en-US')} ${kind ?? 'former'} bins`,
    lowest === highest ? String(lowest) : `${lowest}–${highest}`,
    first === '' ? '-' : `first ${relativeTime(new Date(first), now)}`,
    `${bins[0]?.threshold ?? 1} of ${bins[0]?.keyIds.length ?? 1}`,
    'online',
    delegator,
    'any path, by its hash',
  ];
}

function describePaths(role: RoleAnswer): string {
  const text = pathsOf(role).join(' ');
  const short = text.length > PATHS_WIDTH ? `${text.slice(0, PATHS_WIDTH - 1)}…` : text;
  return `${short || '-'}${role.terminating ? ', terminating' : ''}`;
}

function pathsOf({ paths, pathHashPrefixes }: RoleAnswer): string[] {
  return (paths ?? pathHashPrefixes?.map(describePrefix) ?? []).map(printable);
}

export function isOnline({ onlineKeyIds, threshold }: Pick<RoleAnswer, 'onlineKeyIds' | 'threshold'>): boolean {
  return onlineKeyIds.length >= threshold;
}

const TOP_LEVEL = ['root', 'targets', 'snapshot', 'timestamp'];

function byTree(left: RoleAnswer, right: RoleAnswer): number {
  const rank = ({ name }: RoleAnswer) => (TOP_LEVEL.includes(name) ? TOP_LEVEL.indexOf(name) : TOP_LEVEL.length);
  const place = ({ delegator, position }: RoleAnswer) => [delegator ?? '', position ?? 0] as const;
  if (rank(left) !== rank(right)) return rank(left) - rank(right);
  const [one, other] = [place(left), place(right)];
  return one[0] === other[0] ? one[1] - other[1] : one[0] < other[0] ? -1 : 1;
}
