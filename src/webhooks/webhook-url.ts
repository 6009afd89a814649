import { ProblemError } from '../http/problem.js';

const LONGEST = 2_048;

/** The form that an address may have; where it leads is looked at with every message. @throws ProblemError 400. */
export function parseWebhookUrl(text: string): string {
  const url = text.length <= LONGEST && URL.canParse(text) ? new URL(text) : null;
  if (!url || !['https:', 'http:'].includes(url.protocol)) throw invalid('must be an http(s) address');
  if (url.username || url.password) throw invalid('must not contain a user or password: messages are signed instead');
  if (url.hash) throw invalid('must not have a fragment');
  return url.href;
}

function invalid(rule: string): ProblemError {
  return new ProblemError(400, 'request-invalid', `url ${rule}`, { errors: [{ field: 'url', rule }] });
}
