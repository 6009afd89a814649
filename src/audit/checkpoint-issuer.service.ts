import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CHECKPOINT_TYPE, type Checkpoint, type CheckpointContent } from '../audit-chain/checkpoint.js';
import { Clock } from '../clock.js';
import { AuditCheckpointStore, type CheckpointDue } from '../database/audit-checkpoint.store.js';
import { KeyStore } from '../database/key.store.js';
import { MetadataStore } from '../database/metadata.store.js';
import { type KeyUri, KeyVault } from '../key-vaults/key-vault.js';
import { logged } from '../logging/logged-error.js';
import { canonicalBytes } from '../tuf/canonical-json.js';

/** What happens beside a repository reaches its checkpoint this many times less often: quiet ones cost few signatures. */
const SERVICE_CHAIN_FACTOR = 60;

/** Signs how far the audit log goes, so that who holds an older checkpoint can tell a rewritten history. */
@Injectable()
export class CheckpointIssuer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(CheckpointIssuer.name);
  private timer: NodeJS.Timeout | null = null;
  private issuing: Promise<void> | null = null;
  private isStopping = false;

  constructor(
    private readonly checkpoints: AuditCheckpointStore,
    private readonly metadata: MetadataStore,
    private readonly keys: KeyStore,
    private readonly vault: KeyVault,
    private readonly clock: Clock,
    private readonly intervalSeconds: number,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.wake(), this.intervalSeconds * 1_000);
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.isStopping = true;
    await this.issuing;
  }

  private wake(): void {
    this.issuing ??= this.issueDue().finally(() => {
      this.issuing = null;
    });
  }

  private async issueDue(): Promise<void> {
    try {
      for (const due of await this.checkpoints.due(this.ago(0.5), this.ago(SERVICE_CHAIN_FACTOR))) {
        if (this.isStopping) return;
        await this.issue(due).catch((error) => this.warn(due, error));
      }
    } catch (error) {
      this.logger.warn(...logged('cannot look for due checkpoints of the audit log', error));
    }
  }

  /** Half an interval is enough to tell that another process has just done it. */
  private ago(intervals: number): Date {
    return new Date(this.clock.now().getTime() - intervals * this.intervalSeconds * 1_000);
  }

  private async issue({ repositoryId, repository }: CheckpointDue): Promise<void> {
    const issued = this.clock.now();
    const chains = await this.checkpoints.heads(repository);
    const checkpoint = await this.signed({
      _type: CHECKPOINT_TYPE,
      repository,
      issued: issued.toISOString(),
      chains,
    });
    if (checkpoint) await this.checkpoints.save(repositoryId, checkpoint, issued);
  }

  /** Null where no key of the service is trusted for timestamp. */
  private async signed(signed: CheckpointContent): Promise<Checkpoint | null> {
    const root = await this.metadata.root(signed.repository);
    const { keyids = [] } = root?.signed.roles.timestamp ?? {};
    const signers = (await this.keys.onlineKeys()).filter(({ keyId }) => keyids.includes(keyId));
    if (signers.length === 0) return null;
    const bytes = canonicalBytes(signed);
    const signatures = await Promise.all(
      signers.map(async ({ keyId, uri, key }) => {
        const sig = await this.vault.sign(uri as KeyUri, key.scheme, bytes);
        return { keyid: keyId, sig: Buffer.from(sig).toString('hex') };
      }),
    );
    return { signatures, signed };
  }

  private warn({ repository }: CheckpointDue, error: unknown): void {
    this.logger.warn(...logged(`repository ${repository} has no new checkpoint of its audit log`, error));
  }
}
