import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { acceptsGzip } from '../http/accepts-gzip.js';
import { hasBody } from '../http/bounds/body-deadline.js';
import { directAnswers, metadataLookups, secondsSince } from '../telemetry.js';
import { AnswersOfATurn } from './answers-of-a-turn.js';
import { MetadataCache } from './metadata-cache.service.js';
import { METADATA_ROUTE } from './metadata-files.service.js';
import type { Representation } from './representation.js';

/** As clients write it: with nothing that would have to be decoded, and no query. */
const METADATA_PATH = /^\/repositories\/([\w.~-]+)\/metadata\/([\w.~-]+)$/;

/**
 * Answers downloads of metadata files that are in the cache before Fastify sees them: it takes most of the time of
 * such an answer. All else, and whatever is not as plain as can be, goes the usual way and gets the same answer there
 * (`MetadataFiles`).
 */
@Injectable()
export class KnownDownloads {
  private readonly answers = new AnswersOfATurn();

  constructor(private readonly cache: MetadataCache) {}

  /** Stands before everybody who listens to the server so far. */
  standBefore(server: Server): void {
    const usual = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      // a server that closes ends its connections, too, and Fastify sees to that
      const known = server.listening ? this.knownFor(request) : undefined;
      if (known) this.answer(known, request, response);
      else for (const listener of usual) listener.call(server, request, response);
    });
  }

  private knownFor({ method, url = '', headers }: IncomingMessage): Representation | null | undefined {
    if (method !== 'GET' || hasBody({ headers })) return undefined;
    const [, repository, file] = METADATA_PATH.exec(url) ?? [];
    if (repository === undefined || file === undefined) return undefined;
    return this.cache.known(repository, file, acceptsGzip(headers['accept-encoding']));
  }

  private answer(known: Representation, { headers }: IncomingMessage, response: ServerResponse): void {
    const started = performance.now();
    metadataLookups.tell({ result: 'hit' });
    this.answers.add(() => {
      const { status, headers: told, body } = known.answerTo(headers['if-none-match']);
      response.writeHead(status, told).end(body);
      directAnswers.tell({ route: METADATA_ROUTE, method: 'GET', status, seconds: secondsSince(started) });
    });
  }
}
