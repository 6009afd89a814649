import type { StoredFile } from '../database/metadata.store.js';
import { unpack } from '../database/stored-bytes.js';

/** For a version, which never changes. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';
/** For timestamp, and for what is not there: the next root may come any moment. */
export const SHORT_LIVED = 'public, max-age=1, must-revalidate';

/** A published file in one content coding, with everything that answers say about it worked out once. */
export class Representation {
  readonly etag: string;
  /** Of an answer with the body. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of an answer 304, which has none (RFC 9110 15.4.5). */
  readonly headersIfUnmodified: Readonly<Record<string, string>>;

  private constructor(
    private readonly file: StoredFile,
    private readonly cacheControl: string,
    isNegotiated: boolean,
  ) {
    this.etag = this.isCompressed ? `"${file.sha256}-gzip"` : `"${file.sha256}"`;
    this.headersIfUnmodified = {
      etag: this.etag,
      'cache-control': cacheControl,
      ...(isNegotiated && { vary: 'accept-encoding' }),
    };
    this.headers = {
      ...this.headersIfUnmodified,
      ...(this.isCompressed && { 'content-encoding': file.encoding }),
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      'content-length': String(file.bytes.length),
    };
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

  get body(): Buffer {
    return this.file.bytes;
  }

  get sha256(): string {
    return this.file.sha256;
  }

  get isCompressed(): boolean {
    return this.file.encoding !== 'identity';
  }
}
