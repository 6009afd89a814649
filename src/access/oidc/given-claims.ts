import { ProblemError } from '../../http/problem.js';
import type { ClaimRules } from './claim-rules.js';
import { reasonAgainstClaims } from './identifying-claims.js';

const MAXIMUM_CLAIMS = 20;
const MAXIMUM_VALUES = 20;
const CLAIM_NAME = /^[\x21-\x7e]{1,100}$/;
const VALUE = /^[^\p{C}\p{Zl}\p{Zp}]{1,500}$/u;
/** They have fields of their own, or are checked in any case. */
const NOT_HERE = ['iss', 'aud', 'exp', 'nbf', 'iat', 'jti'];

/** @throws ProblemError naming the claim at fault, or saying that the rules let in others' jobs. */
export function parseClaims(issuer: string, given: Readonly<Record<string, unknown>>): ClaimRules {
  const entries = Object.entries(given);
  if (entries.length > MAXIMUM_CLAIMS) throw invalid('claims', `must be at most ${MAXIMUM_CLAIMS}`);
  const rules = Object.fromEntries(entries.map(([name, values]) => [parseName(name), parseValues(values, name)]));
  const reason = reasonAgainstClaims(issuer, rules);
  if (reason !== null) throw invalid('claims', reason);
  return rules;
}

function parseName(name: string): string {
  if (!CLAIM_NAME.test(name)) throw invalid('claims', 'must have names of 1 to 100 printable ASCII characters');
  if (NOT_HERE.includes(name)) throw invalid(`claims.${name}`, 'must not be given: it is checked in any case');
  return name;
}

function parseValues(given: unknown, name: string): readonly string[] {
  const values = Array.isArray(given) ? given : [given];
  const areValues = values.every((value) => typeof value === 'string' && VALUE.test(value));
  if (areValues && values.length > 0 && values.length <= MAXIMUM_VALUES) return [...new Set(values as string[])];
  throw invalid(`claims.${name}`, `must be a text of 1 to 500 characters, or a list of 1 to ${MAXIMUM_VALUES}`);
}

function invalid(field: string, rule: string): ProblemError {
  return new ProblemError(400, 'request-invalid', `${field} ${rule}`, { errors: [{ field, rule }] });
}
