import { InvalidArgumentError } from 'commander';
import { LIFETIME_ROLES, type LifetimeRole } from '../../tuf/settings.js';

/** As the REST API takes it: days or seconds, one of them. */
export type Duration = { readonly days: number } | { readonly seconds: number };
export type DurationsByRole = Partial<Record<LifetimeRole, Duration>>;

const SECONDS_A_DAY = 86_400;

/** `snapshot=7` and `snapshot=7d` are days, `timestamp=90s` seconds. */
export function parseRoleDuration(text: string): readonly [LifetimeRole, Duration] {
  const [, name, number, unit] = /^([a-z]+)=([1-9]\d{0,8})([ds]?)$/.exec(text) ?? [];
  const role = LIFETIME_ROLES.find((known) => known === name);
  if (name === 'root') throw new InvalidArgumentError('Use --root-expiry-days for root.');
  if (!role)
    throw new InvalidArgumentError(
      `It must be ROLE=DAYS or ROLE=SECONDSs, with a role of ${LIFETIME_ROLES.join(', ')}.`,
    );
  return [role, unit === 's' ? { seconds: Number(number) } : { days: Number(number) }];
}

export function gatherRoleDurations(text: string, before: DurationsByRole | undefined): DurationsByRole {
  const [role, duration] = parseRoleDuration(text);
  return { ...before, [role]: duration };
}

export function secondsByRole(durations: DurationsByRole): Partial<Record<LifetimeRole, number>> {
  const given = LIFETIME_ROLES.flatMap((role) => {
    const duration = durations[role];
    return duration ? [[role, secondsOf(duration)] as const] : [];
  });
  return Object.fromEntries(given);
}

function secondsOf(duration: Duration): number {
  return 'days' in duration ? duration.days * SECONDS_A_DAY : duration.seconds;
}
