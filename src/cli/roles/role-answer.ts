/** A role as the service answers with it. */
export interface RoleAnswer {
  readonly name: string;
  readonly version: number | null;
  readonly expires: string | null;
  readonly renewedFrom: string | null;
  readonly delegator: string | null;
  readonly keyIds: readonly string[];
  readonly onlineKeyIds: readonly string[];
  readonly threshold: number;
  readonly paths: readonly string[] | null;
  readonly pathHashPrefixes: readonly string[] | null;
  readonly terminating: boolean | null;
  readonly position: number | null;
  readonly bins: {
    readonly count: number;
    readonly kind: string;
    readonly keyIds: readonly string[];
    readonly threshold: number;
  } | null;
  readonly lifetime: { readonly expiry: number; readonly renewalWindow: number };
  readonly signingEvent: string | null;
}

export function rolesPath(repository: string): string {
  return `api/v1/repositories/${encodeURIComponent(repository)}/roles`;
}

export function rolePath(repository: string, role: string): string {
  return `${rolesPath(repository)}/${encodeURIComponent(role)}`;
}

/** A bin is one of many that are shown together. */
export function isBin({ name, delegator }: Pick<RoleAnswer, 'name' | 'delegator'>): boolean {
  return delegator !== null && /(?:^|-)bins-[0-9a-f]{1,4}$/.test(name);
}
