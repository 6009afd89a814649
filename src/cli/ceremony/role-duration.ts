import { InvalidArgumentError } from 'commander';
import { RENEWED_ROLES, type RenewedRole } from '../../tuf/settings.js';

/** As the REST API takes it: days or seconds, one of them. */
export type Duration = { readonly days: number } | { readonly seconds: number };
export type DurationsByRole = Partial<Record<RenewedRole, Duration>>;

const SECONDS_A_DAY = 86_400;

/** `snapshot=7` and `snapshot=7d` are days, `timestamp=90s` seconds. */
export function parseRoleDuration(text: string): readonly [RenewedRole, Duration] {
  const [, name, number, unit] = /^([a-z]+)=([1-9]\d{0,8})([ds]?)$/.exec(text) ?? [];
  const role = RENEWED_ROLES.find((known) => known === name);
  if (name === 'root') throw new InvalidArgumentError('Use --root-expiry-days for root.');
  if (!role)
    throw new InvalidArgumentError(
      `It must be ROLE=DAYS or ROLE=SECONDSs, with a role of ${RENEWED_ROLES.join(', ')}.`,
    );
  return [role, unit === 's' ? { seconds: Number(number) } : { days: Number(number) }];
}

export function gatherRoleDurations(text: string, before: DurationsByRole | undefined): DurationsByRole {
  const [role, duration] = parseRoleDuration(text);
  return { ...before, [role]: duration };
}

export function secondsByRole(durations: DurationsByRole): Partial<Record<RenewedRole, number>> {
  const given = RENEWED_ROLES.flatMap((role) => {
    const duration = durations[role];
    return duration ? [[role, secondsOf(duration)] as const] : [];
  });
  return Object.fromEntries(given);
}

function secondsOf(duration: Duration): number {
  return 'days' in duration ? duration.days * SECONDS_A_DAY : duration.seconds;
}
