/** Everything that a principal may be allowed to do, by area and verb, with what each allows. */
export const SCOPES = {
  'repositories:read': 'List and show repositories and their settings.',
  'repositories:write': 'Create repositories.',
  'settings:write': 'Change the settings of a repository.',
  'artifacts:read': 'List and get artifacts.',
  'artifacts:write': 'Add, replace and remove artifacts.',
  'roles:read': 'List and get roles.',
  'roles:write': 'Delegate, change and remove roles and hash bins, and have roles signed again.',
  'metadata:write': 'Publish metadata of a role that its own people made and signed.',
  'root:propose': 'Propose the next root.',
  'signing-events:read': 'List and get what waits for signatures.',
  'signing-events:write': 'Withdraw signing events.',
  'signatures:write': 'Add signatures to signing events.',
  'keys:read': 'List and get public keys.',
  'keys:write': 'Make, register and rename keys.',
  'tasks:read': 'List, get and follow tasks.',
  'changes:approve': 'Approve and reject changes that others asked for.',
  'tokens:read': 'List tokens and trusted publishers.',
  'tokens:write': 'Create and revoke tokens and trusted publishers, of at most one’s own rights.',
  'webhooks:read': 'List webhooks and what they were told.',
  'webhooks:write': 'Create, change, test and remove webhooks.',
  'audit:read': 'Read and export the audit log.',
  'metrics:read': 'Read metrics of the service.',
  admin: 'Everything.',
} as const;

export type Scope = keyof typeof SCOPES;

export const SCOPE_NAMES = Object.keys(SCOPES) as readonly Scope[];

/** Who changes a repository may follow what becomes of it, until people have signed it. */
const FOLLOWING: readonly Scope[] = ['tasks:read', 'signing-events:read'];

/** Who may write may read the same. */
const INCLUDED: Partial<Record<Scope, readonly Scope[]>> = {
  'repositories:write': ['repositories:read', ...FOLLOWING],
  'settings:write': ['repositories:read', ...FOLLOWING],
  'artifacts:write': ['artifacts:read', ...FOLLOWING],
  'roles:write': ['roles:read', ...FOLLOWING],
  'metadata:write': ['roles:read', ...FOLLOWING],
  'root:propose': ['repositories:read', 'roles:read', ...FOLLOWING],
  'signing-events:write': FOLLOWING,
  'signatures:write': ['repositories:read', 'roles:read', ...FOLLOWING],
  'changes:approve': FOLLOWING,
  'keys:write': ['keys:read'],
  'tokens:write': ['tokens:read'],
  'webhooks:write': ['webhooks:read'],
  admin: SCOPE_NAMES,
};

/** Whether who holds these scopes may do what needs `wanted`. */
export function grants(held: readonly Scope[], wanted: Scope): boolean {
  return held.some((scope) => scope === wanted || INCLUDED[scope]?.includes(wanted) === true);
}

export function isScope(text: string): text is Scope {
  return Object.hasOwn(SCOPES, text);
}
