import colors from 'picocolors';
import { LIFETIME_ROLES, type RepositorySettings } from '../../tuf/settings.js';
import { counted, describeMoment, describeSeconds } from '../moment.js';
import { facts, table } from '../table.js';
import type { CeremonyChoices } from './ceremony-terms.js';
import type { RootKeys } from './root-keys.js';

export interface CeremonySummary {
  readonly choices: Pick<CeremonyChoices, 'repository' | 'threshold' | 'targets'>;
  readonly keys: RootKeys;
  readonly online: string;
  readonly settings: RepositorySettings;
  readonly expires: string;
}

/** What is about to be signed, for the eyes of the signers. */
export function describeCeremony({ choices, keys, online, settings, expires }: CeremonySummary, now: Date): string {
  const count = keys.signers.length + keys.absent.length;
  const missing = Math.max(0, choices.threshold - keys.signers.length);
  const overview = facts([
    ['Repository', choices.repository],
    ['Root', `${choices.threshold} of ${counted(count, 'key')} must sign; expires ${describeMoment(expires, now)}`],
    ['Signatures now', `${keys.signers.length}${missing > 0 ? `; ${missing} more needed later` : ''}`],
    ['Online key', online],
    ...(choices.targets.files.length > 0
      ? [
          [
            'Targets',
            `signed by ${choices.targets.threshold} of ${counted(choices.targets.files.length, 'key')}`,
          ] as const,
        ]
      : []),
    ['Hash bins', settings.bins ? `${settings.bins.count.toLocaleString('en-US')}, ${settings.bins.kind}` : 'none'],
  ]);
  return [overview, rootKeyTable(keys), lifetimeTable(settings)].join('\n\n');
}

function rootKeyTable({ signers, made, absent }: RootKeys): string {
  const isNew = new Set(made.map(({ keyid }) => keyid));
  return table(
    ['Root key', 'Signs', 'Where'],
    [
      ...signers.map(({ keyid, label }) => [keyid, 'now', `${label}${isNew.has(keyid) ? ' (new)' : ''}`]),
      ...absent.map(({ keyid, label }) => [keyid, colors.yellow('later'), label]),
    ],
  );
}

function lifetimeTable({ lifetimes }: RepositorySettings): string {
  return table(
    ['Role', 'Valid for', 'Signed again'],
    LIFETIME_ROLES.map((role) => {
      const { expiry, renewalWindow } = lifetimes[role];
      return [role, describeSeconds(expiry), `${describeSeconds(renewalWindow)} before expiry`];
    }),
  );
}
