import type { Json } from '../tuf/canonical-json.js';

/** What an entry tells of: a change that was asked for, what became of it, an edit beside repositories, or an attempt. */
export const AUDIT_ACTIONS = [
  'create-repository',
  'set-root',
  'set-metadata',
  'add-signature',
  'withdraw-signing-event',
  'add-artifacts',
  'remove-artifacts',
  'import-artifacts',
  'add-role',
  'update-role',
  'remove-role',
  'set-bins',
  'update-settings',
  'resign',
  'approve-change',
  'reject-change',
  'expire-approval',
  'propose-approvals',
  'set-approvals',
  'publish-revision',
  'settle-tasks',
  'add-key',
  'rename-key',
  'create-token',
  'revoke-token',
  'add-trusted-publisher',
  'remove-trusted-publisher',
  'add-webhook',
  'update-webhook',
  'remove-webhook',
  'refused-attempt',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What an action was about: names, counts and digests, never the whole. */
export type AuditTarget = Readonly<Record<string, Json>>;

/** The versions that clients saw, with the sha256 of their files; a role without a new version is left out. */
export type VersionDigests = Readonly<Record<string, { readonly version: number; readonly sha256: string }>>;

/** One line of the audit log. It is never changed, and every field of it is under the hash of its link. */
export interface AuditEntry {
  /** Random, so that nobody can guess the rest of an entry from the hash of a public checkpoint. */
  readonly id: string;
  /** ISO 8601 with milliseconds. */
  readonly at: string;
  /** Null for what concerns no single repository. */
  readonly repository: string | null;
  /** Null where the service acts by itself, or where nobody proved who they are. */
  readonly principal: string | null;
  /** The id of the token, or of the trusted publisher, that the principal was known by. */
  readonly credential: string | null;
  /** Null where the service acts by itself. */
  readonly address: string | null;
  readonly action: AuditAction;
  readonly target: AuditTarget;
  readonly task: string | null;
  readonly revision: number | null;
  readonly before: VersionDigests | null;
  readonly after: VersionDigests | null;
}

/** Who asks for something, and from where. */
export interface Origin {
  readonly principal: string;
  readonly credential: string;
  readonly address: string;
}

const LISTED = 10;

/** A list of names for a target: how many, and the first of them. */
export function named(names: readonly string[]): Json {
  return { count: names.length, first: names.slice(0, LISTED) };
}
