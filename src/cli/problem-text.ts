import { CommandError, EXIT, type ExitCode } from './command-error.js';

/** As much of a problem document (RFC 9457) as a user is told. */
export interface ProblemDocument {
  readonly status: number;
  readonly code?: string;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly rule: string }[];
}

const NO_TOKEN = 'the service does not accept the token, or none was given';
const TOKEN_ADVICE = [
  'Name the file that holds your token: export TRS_TOKEN_FILE=FILE',
  'The first start of the service keeps its token in the file admin-token in its data folder.',
];

/** What a user is told of a refusal: the detail, then each field at fault, one per line. */
export function problemError({ status, code, detail, errors = [] }: ProblemDocument): CommandError {
  const options = code === undefined ? {} : { code };
  if (status === 401) return new CommandError(EXIT.unauthorized, NO_TOKEN, TOKEN_ADVICE, options);
  const fields = errors.map(({ field, rule }) => `${field} ${rule}`);
  if (fields.length > 1)
    return new CommandError(exitCodeOf(status), 'the service refuses the request', fields, options);
  const isSaid = errors.some(({ field, rule }) => detail === rule || detail === `${field} ${rule}`);
  return new CommandError(exitCodeOf(status), detail, isSaid ? [] : fields, options);
}

/** The problem in the body of an answer, or one that the status alone tells. */
export function parseProblem(status: number, statusText: string, body: string): ProblemDocument {
  const parsed = parseJson(body);
  if (typeof parsed === 'object' && parsed !== null && 'detail' in parsed && typeof parsed.detail === 'string') {
    return { ...(parsed as ProblemDocument), status };
  }
  return { status, detail: `the service answers ${status} ${statusText}`.trim() };
}

export function exitCodeOf(status: number): ExitCode {
  if (status === 404) return EXIT.notFound;
  if (status === 401 || status === 403) return EXIT.unauthorized;
  return status === 429 || status === 502 || status === 503 || status === 504 ? EXIT.unreachable : EXIT.failed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
