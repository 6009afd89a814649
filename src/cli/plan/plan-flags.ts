import { InvalidArgumentError } from 'commander';
import type { BinsKind } from '../../tuf/hash-bins.js';
import type { ClientName } from '../../tuf/sizing/clients.js';
import type { DurationsByRole } from '../ceremony/role-duration.js';

export interface PlanFlags {
  readonly artifacts: number;
  readonly perDay: number;
  readonly perPublish: number;
  readonly clients: number;
  readonly updatesPerDay: number;
  readonly artifactsPerUpdate: number;
  readonly firstUpdates: number;
  readonly pathBytes: number;
  readonly fileBytes: number;
  readonly sha512?: boolean;
  readonly customBytes: number;
  readonly binsKind: BinsKind;
  readonly rootKeys: number;
  readonly onlineKeys: number;
  readonly expiry?: DurationsByRole;
  readonly renewalWindow?: DurationsByRole;
  readonly readBy?: readonly ClientName[];
}

const MULTIPLIERS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

/** `1000000`, `1,000,000`, `1M`, `2.5k`. */
export function parseAmount(text: string): number {
  const [, digits, unit = ''] = /^(\d[\d,_]*(?:\.\d+)?)([kMG]?)$/.exec(text) ?? [];
  const amount = Number(digits?.replace(/[,_]/g, '')) * (MULTIPLIERS[unit] ?? Number.NaN);
  if (Number.isFinite(amount) && amount <= 1e12) return amount;
  throw new InvalidArgumentError('It must be a number such as 1000000, 1,000,000, 1M or 2.5k.');
}

export function parsePositiveAmount(text: string): number {
  const amount = parseAmount(text);
  if (amount > 0) return amount;
  throw new InvalidArgumentError('It must be more than 0.');
}

export function parseWhole(text: string): number {
  const amount = parseAmount(text);
  if (Number.isInteger(amount)) return amount;
  throw new InvalidArgumentError('It must be a whole number.');
}

export function parsePathBytes(text: string): number {
  const bytes = parseWhole(text);
  if (bytes >= 1 && bytes <= 1_024) return bytes;
  throw new InvalidArgumentError('It must be a whole number from 1 to 1024.');
}

export function parseCustomBytes(text: string): number {
  const bytes = parseWhole(text);
  if (bytes === 0 || (bytes >= 7 && bytes <= 65_536)) return bytes;
  throw new InvalidArgumentError('It must be 0, or a whole number from 7 to 65536.');
}

/** `80` and `80%` are 0.8. */
export function parseShare(text: string): number {
  const percent = /^(\d{1,3}(?:\.\d+)?)%?$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return Number(percent) / 100;
  throw new InvalidArgumentError('It must be a percentage from 0 to 100.');
}
