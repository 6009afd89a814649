const NETWORK_FAULT =
  /^(?:E(?:CONNREFUSED|CONNRESET|CONNABORTED|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|PROTO)|UND_ERR_\w+|REQUEST_SEND_ERROR)$/;

/** AWS says so by name, with status 400. */
const THROTTLED =
  /^(?:Throttling|TooManyRequests|RequestLimitExceeded|LimitExceeded|KMSInternal|DependencyTimeout|KeyUnavailable|TimeoutError)/;

/** gRPC codes, which Google's library gives also over HTTP: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE. */
const GRPC = [4, 8, 10, 13, 14];

/** Whether a call may succeed when repeated: throttling, a failure of the server, or of the network. */
export function isTransient(error: unknown): boolean {
  if (!isRecord(error)) return false;
  if (typeof error.name === 'string' && THROTTLED.test(error.name)) return true;
  if (typeof error.code === 'string' && NETWORK_FAULT.test(error.code)) return true;
  const metadata = isRecord(error.$metadata) ? error.$metadata : {};
  const statuses = [metadata.httpStatusCode, error.statusCode, error.status, error.code].map(Number);
  if (statuses.some((status) => status === 408 || status === 429 || (status >= 500 && status < 600))) return true;
  if (GRPC.includes(Number(error.code))) return true;
  return isTransient(error.cause);
}

/** One line for the log and the operator, of bounded length; the error itself may hold request headers. */
export function reasonOf(error: unknown): string {
  if (!isRecord(error)) return String(error);
  const cause = isRecord(error.cause) && typeof error.cause.code === 'string' ? ` (${error.cause.code})` : '';
  const parts = [error.name, error.code, error.message].filter((part) => part !== undefined && part !== 'Error');
  return `${[...new Set(parts.map(String))].join(': ').split('\n')[0]}${cause}`.slice(0, 400);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
