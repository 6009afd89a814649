import type { BinsKind } from '../../tuf/hash-bins.js';
import type { KeyScheme } from '../../tuf/key.js';
import type { PassphraseFlags } from '../keys/passphrase.js';
import type { DurationsByRole } from './role-duration.js';

export interface CeremonyFlags extends PassphraseFlags {
  readonly repository?: string;
  readonly rootKey?: readonly string[];
  readonly generateKeys?: number;
  readonly keysFolder?: string;
  readonly scheme: KeyScheme;
  readonly publicRootKey?: readonly string[];
  readonly threshold?: number;
  readonly rootExpiryDays?: number;
  readonly onlineKey?: string;
  /** Public key files. */
  readonly targetsKey?: readonly string[];
  readonly targetsThreshold?: number;
  /** False for none. */
  readonly bins?: number | false;
  readonly binsKind?: BinsKind;
  readonly expiry?: DurationsByRole;
  readonly renewalWindow?: DurationsByRole;
  readonly out?: string;
  readonly rootOut?: string;
  readonly wait: number;
  readonly yes?: boolean;
}

/** Everything that a ceremony decides. */
export interface CeremonyChoices {
  readonly repository: string;
  readonly rootKeys: RootKeyChoices;
  readonly threshold: number;
  readonly rootExpiryDays: number;
  /** A file, or `new` for a new key of the service. */
  readonly onlineKey: string;
  /** Public key files of the people who sign targets, and how many of them must; none where the service signs it. */
  readonly targets: { readonly files: readonly string[]; readonly threshold: number };
  readonly settings: SettingsRequest;
  readonly rootOut: string;
}

export interface RootKeyChoices {
  readonly files: readonly string[];
  readonly publicFiles: readonly string[];
  /** The files of the keys to make. */
  readonly newFiles: readonly string[];
}

/** The settings as the REST API takes them. */
export interface SettingsRequest {
  readonly bins: { readonly count: number; readonly kind: BinsKind } | null;
  readonly expiry: DurationsByRole;
  readonly renewalWindow: DurationsByRole;
}

/** In place of a file: the service makes the key. */
export const NEW_ONLINE_KEY = 'new';
export const DEFAULT_ROOT_EXPIRY_DAYS = 365;

export function newKeyFiles(count: number, folder: string): string[] {
  return Array.from({ length: count }, (_, index) => `${folder}/root-${index + 1}.pem`);
}
