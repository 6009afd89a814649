import { KeyPair, sha256 } from './key-pair.js';

export interface LogEntry {
  readonly kind: string;
  readonly apiVersion: string;
  readonly spec: object;
}

const HOST = 'rekor.example.com';
const LOG_INDEX = 25;

/** A transparency log: each entry gets the log's promise, and the proof of a log that has no other. */
export class Rekor {
  readonly key = new KeyPair();
  readonly baseUrl = `https://${HOST}`;

  /** The entry as it stands in a bundle. */
  entry(logged: LogEntry, at: Date): object {
    const body = Buffer.from(JSON.stringify(logged)).toString('base64');
    const integratedTime = at.getTime() / 1_000;
    const promised = { body, integratedTime, logID: this.key.id.toString('hex'), logIndex: LOG_INDEX };
    return {
      logIndex: `${LOG_INDEX}`,
      logId: { keyId: this.key.id.toString('base64') },
      kindVersion: { kind: logged.kind, version: logged.apiVersion },
      integratedTime: `${integratedTime}`,
      inclusionPromise: {
        signedEntryTimestamp: this.key.sign(Buffer.from(JSON.stringify(promised))).toString('base64'),
      },
      inclusionProof: this.proof(Buffer.from(body, 'base64')),
      canonicalizedBody: body,
    };
  }

  private proof(body: Buffer): object {
    const rootHash = sha256(Buffer.concat([Buffer.from([0]), body])).toString('base64');
    const note = `${HOST} - 1\n1\n${rootHash}\n`;
    const signature = Buffer.concat([this.key.id.subarray(0, 4), this.key.sign(Buffer.from(note))]);
    const envelope = `${note}\n— ${HOST} ${signature.toString('base64')}\n`;
    return { logIndex: '0', rootHash, treeSize: '1', hashes: [], checkpoint: { envelope } };
  }
}
