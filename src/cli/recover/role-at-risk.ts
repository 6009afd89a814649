/** A role as far as recovery is concerned; the bins of one delegator are one. */
export interface RoleAtRisk {
  readonly name: string;
  readonly kind: 'root' | 'top-level' | 'delegated' | 'bins';
  /** Null for root. */
  readonly delegator: string | null;
  readonly keyIds: readonly string[];
  readonly onlineKeyIds: readonly string[];
  readonly threshold: number;
  /** When clients stop to take it; null for bins, and for what has no version yet. */
  readonly expires: string | null;
  /** For bins: how many of which kind. */
  readonly bins?: { readonly count: number; readonly kind: string };
}

export interface KeysGone {
  readonly stolen: readonly string[];
  /** Nobody can sign with them any more; a stolen key may be lost, too. */
  readonly lost: readonly string[];
  /** A root that a thief made is out already. */
  readonly rootTaken: boolean;
}

export function isGone(id: string, { stolen, lost }: KeysGone): boolean {
  return stolen.includes(id) || lost.includes(id);
}

export function goneOf({ keyIds }: RoleAtRisk, gone: KeysGone): string[] {
  return keyIds.filter((id) => isGone(id, gone));
}

export function keptOf({ keyIds }: RoleAtRisk, gone: KeysGone): string[] {
  return keyIds.filter((id) => !isGone(id, gone));
}

/** Whether the stolen keys alone make a signature that clients take. */
export function isReached({ keyIds, threshold }: RoleAtRisk, { stolen }: KeysGone): boolean {
  return keyIds.filter((id) => stolen.includes(id)).length >= threshold;
}

export function cannotBeSigned({ keyIds, threshold }: RoleAtRisk, { lost }: KeysGone): boolean {
  return keyIds.filter((id) => !lost.includes(id)).length < threshold;
}

/** Whether the service signs it without people. */
export function isOnline({ onlineKeyIds, threshold }: RoleAtRisk): boolean {
  return onlineKeyIds.length >= threshold;
}
