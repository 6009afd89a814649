import type { StoredFile } from '../database/metadata.store.js';
import { unpack } from '../database/stored-bytes.js';

/** For a version, which never changes. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';
/** For timestamp, and for what is not there: the next root may come any moment. */
export const SHORT_LIVED = 'public, max-age=1, must-revalidate';

/** An answer as it goes out. */
export interface FileAnswer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  /** None in an answer 304 (RFC 9110 15.4.5). */
  readonly body?: Buffer;
}

/** A published file in one content coding, with everything that answers say about it worked out once. */
export class Representation {
  private readonly etag: string;
  private readonly whole: FileAnswer;
  private readonly unmodified: FileAnswer;

  private constructor(
    private readonly file: StoredFile,
    private readonly cacheControl: string,
    isNegotiated: boolean,
  ) {
    this.etag = this.isCompressed ? `"${file.sha256}-gzip"` : `"${file.sha256}"`;
    const headers = {
      etag: this.etag,
      'cache-control': cacheControl,
      ...(isNegotiated && { vary: 'accept-encoding' }),
    };
    this.unmodified = { status: 304, headers };
    const described = {
      ...headers,
      ...(this.isCompressed && { 'content-encoding': file.encoding }),
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      'content-length': String(file.bytes.length),
    };
    this.whole = { status: 200, headers: described, body: file.bytes };
  }

  /** The file as it is stored; where that is compressed, others get another representation. */
  static stored(file: StoredFile, cacheControl: string): Representation {
    return new Representation(file, cacheControl, file.encoding !== 'identity');
  }

  /** The same for clients that do not take it compressed. */
  async uncompressed(): Promise<Representation> {
    const bytes = await unpack(this.file);
    return new Representation({ ...this.file, bytes, encoding: 'identity' }, this.cacheControl, true);
  }

  /** @param ifNoneMatch the tags of what the client has. */
  answerTo(ifNoneMatch: string | undefined): FileAnswer {
    return ifNoneMatch !== undefined && matches(ifNoneMatch, this.etag) ? this.unmodified : this.whole;
  }

  /** Of the body. */
  get length(): number {
    return this.file.bytes.length;
  }

  get sha256(): string {
    return this.file.sha256;
  }

  get isCompressed(): boolean {
    return this.file.encoding !== 'identity';
  }
}

// RFC 9110 13.1.2: weak comparison.
function matches(tags: string, etag: string): boolean {
  return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
