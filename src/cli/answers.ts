import type { SignatureThreshold } from '../tuf/root-trust.js';

/** What the REST API answers, as far as `trs` uses it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
}

export interface Task {
  readonly id: string;
  readonly repository: string;
  readonly kind: string;
  readonly state: 'awaiting-approval' | 'waiting' | 'succeeded' | 'partly-refused' | 'refused';
  readonly principal: string;
  readonly approvedBy: string | null;
  readonly createdAt: string;
  readonly settledAt: string | null;
  readonly revision: number | null;
  readonly outcome: Outcome | null;
  /** Of an import; its counts are of lines. */
  readonly progress?: {
    readonly linesRead: number;
    readonly accepted: number;
    readonly refused: number;
    readonly published: number;
  };
}

export interface Outcome {
  readonly refusal?: { readonly code: string; readonly detail: string };
  readonly artifacts?: readonly ArtifactResult[];
  /** Of an import, in place of a list. */
  readonly lines?: Readonly<
    Record<'added' | 'replaced' | 'unchanged' | 'awaitingSignatures' | 'repeated' | 'overtaken', number>
  >;
  readonly signingEvent?: string;
  readonly missingSignatures?: number;
  readonly otherSigningEvents?: readonly string[];
}

export interface ArtifactResult {
  readonly path: string;
  readonly result: string;
  readonly code?: string;
  readonly detail?: string;
}

export interface RegisteredKey {
  readonly keyId: string;
  readonly name: string;
  readonly owner: string | null;
  readonly kind: 'online' | 'offline';
  /** Null for an offline key. */
  readonly uri: string | null;
  readonly key: { readonly scheme: string };
  readonly createdAt: string;
}

export interface PublishedArtifact {
  readonly path: string;
  readonly length: number;
  readonly hashes: Readonly<Record<string, string>>;
  readonly role: string;
  readonly revision: number;
}

export interface RepositorySummary {
  readonly name: string;
  readonly state: string;
  readonly createdAt: string;
  readonly metadataUrl: string;
}

export interface Repository extends RepositorySummary {
  readonly settings: {
    /** Those of targets; null where it lists artifacts itself, or delegates to named roles. */
    readonly bins: { readonly count: number; readonly kind: string } | null;
    readonly lifetimes: Readonly<Record<string, { readonly expiry: number; readonly renewalWindow: number }>>;
  };
  readonly roles: readonly TopLevelRole[];
  readonly bins: { readonly count: number; readonly highestVersion: number; readonly earliestExpiry: string } | null;
  readonly artifactCount: number;
  readonly sizes: {
    readonly snapshot: number;
    readonly targets: number;
    readonly delegated: number;
    readonly largestRole: number;
  } | null;
  readonly warnings: readonly { readonly code: string; readonly clients: readonly string[]; readonly detail: string }[];
}

export interface TopLevelRole {
  readonly name: string;
  readonly version: number;
  readonly expires: string;
  readonly threshold: number;
  readonly keyIds: readonly string[];
  readonly onlineKeyIds: readonly string[];
}

export interface Forecast {
  readonly repository: string;
  readonly from: string;
  readonly until: string;
  readonly items: readonly ForecastItem[];
}

export interface ForecastItem {
  readonly deadline: string;
  readonly role: string;
  readonly bins: number | null;
  readonly version: number | null;
  readonly expires: string | null;
  readonly lastExpires: string | null;
  readonly renewedFrom: string | null;
  readonly signedBy: 'service' | 'people';
  readonly threshold: number;
  readonly keys: readonly {
    readonly keyId: string;
    readonly name: string | null;
    readonly owner: string | null;
    readonly isOnline: boolean;
  }[];
  readonly state: 'in-time' | 'awaiting-signatures' | 'overdue' | 'expired';
  readonly waiting: {
    readonly id: string;
    readonly version: number;
    readonly expires: string;
    readonly missingSignatures: number;
    readonly thresholds: readonly SignatureThreshold[];
  } | null;
}

export interface SigningEvent {
  readonly id: string;
  readonly role: string;
  readonly version: number;
  readonly baseVersion: number | null;
  readonly state: 'open' | 'completed' | 'superseded' | 'withdrawn';
  readonly reason: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly thresholds: readonly SignatureThreshold[];
  readonly signedBy: readonly string[];
  readonly mayBeSignedBy: readonly string[];
  readonly missingSignatures: number;
  readonly publishedTogetherWith: readonly string[];
  /** Who signs it, as the service says; null for root. Checked where it is used. */
  readonly signers: unknown;
  /** Checked where it is used: what people sign is not taken on trust. */
  readonly metadata: unknown;
}

/** What somebody may do; null for everywhere. */
export interface GrantedRights {
  readonly scopes: readonly string[];
  readonly repositories: readonly string[] | null;
  readonly paths: readonly string[] | null;
}

export interface Token extends GrantedRights {
  readonly id: string;
  readonly name: string;
  readonly state: 'active' | 'expired' | 'revoked';
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}

export interface NewToken extends Token {
  readonly token: string;
}

export interface TrustedPublisher extends GrantedRights {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  readonly claims: Readonly<Record<string, readonly string[]>>;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}

export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  /** Null for all. */
  readonly repositories: readonly string[] | null;
  readonly isEnabled: boolean;
  readonly disabledBecause: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
}

export interface NewWebhook extends Webhook {
  readonly secret: string;
}

export interface WebhookDelivery {
  readonly event: string;
  readonly type: string;
  readonly repository: string;
  readonly happenedAt: string;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly lastResult: string | null;
}
