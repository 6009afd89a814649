import type { Socket } from 'node:net';
import { type ProblemCode, problem } from './problem.js';

const KNOWN: Readonly<Record<string, readonly [status: number, code: ProblemCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'request-too-large', 'the address and the headers are longer than 16 KiB together'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request-too-slow', 'the request did not arrive in time'],
};

/** Answers what is no HTTP request, or too much of one, so that there never is a route for it. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const [status, code, detail] = KNOWN[error.code ?? ''] ?? [400, 'request-malformed', 'this is no HTTP request'];
    const answer = problem(status, code, detail);
    const body = JSON.stringify(answer);
    const headers = `content-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}`;
    socket.write(`HTTP/1.1 ${status} ${answer.title}\r\n${headers}\r\nconnection: close\r\n\r\n${body}`);
  }
  socket.destroy();
}
