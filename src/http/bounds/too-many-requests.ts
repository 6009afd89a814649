import { ProblemError } from '../problem.js';

/** Nothing was done; the same request may be asked again after a while. */
export class TooManyRequests extends ProblemError {
  constructor(
    code: 'too-many-requests' | 'service-busy' | 'too-many-changes',
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(429, code, message);
  }
}
