import type { ClaimRules } from './claim-rules.js';

/** The issuers that sign for everybody: which claims say whose job it is, and how much of them a pattern must spell out. */
const SHARED_ISSUERS: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  'https://token.actions.githubusercontent.com': {
    repository: /^[^*/]+\//,
    repository_id: /^\d+$/,
    repository_owner: /^[^*]+$/,
    repository_owner_id: /^\d+$/,
    sub: /^repo:[^*/]+\//,
  },
  'https://gitlab.com': {
    project_path: /^[^*/]+\//,
    project_id: /^\d+$/,
    namespace_path: /^[^*]+$/,
    namespace_id: /^\d+$/,
    sub: /^project_path:[^*/]+\//,
  },
  'https://agent.buildkite.com': {
    organization_slug: /^[^*]+$/,
    organization_id: /^[^*]+$/,
    pipeline_id: /^[^*]+$/,
    sub: /^organization:[^*:]+:/,
  },
  'https://oidc.circleci.com': {
    'oidc.circleci.com/org-id': /^[^*]+$/,
    'oidc.circleci.com/project-id': /^[^*]+$/,
  },
  'https://accounts.google.com': {
    sub: /^\d+$/,
    email: /^[^*]+$/,
  },
};

/** A claim of which at least the beginning is given: enough where all jobs of the issuer are one's own. */
const BEGINNING = /^[^*]/;

/** Why these rules let in more than one's own; null where they do not. */
export function reasonAgainstClaims(issuer: string, rules: ClaimRules): string | null {
  const identifying = SHARED_ISSUERS[issuer];
  if (!identifying) {
    const isBegun = Object.values(rules).some((patterns) => patterns.every((pattern) => BEGINNING.test(pattern)));
    return isBegun ? null : 'must say of one claim at least how it begins';
  }
  const isIdentified = Object.entries(identifying).some(([claim, enough]) => {
    const patterns = Object.hasOwn(rules, claim) ? rules[claim] : undefined;
    return patterns?.every((pattern) => enough.test(pattern)) === true;
  });
  return isIdentified
    ? null
    : `must say whose jobs these are, for this issuer signs for everybody: one of ${Object.keys(identifying).join(', ')}`;
}
