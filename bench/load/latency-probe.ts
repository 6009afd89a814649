import type { RunningService } from '../service/running-service.js';
import { generatedArtifact } from './generated-artifacts.js';
import { HttpClient } from './http-client.js';
import { publishVisibly } from './publishing.js';
import { snapshotVersion } from './timestamp.js';

/** One client that publishes one artifact after the other, and looks at the timestamp after each. */
export class LatencyProbe {
  /** Milliseconds from the POST until it is answered that the artifact is visible. */
  readonly answered: number[] = [];
  /** Milliseconds from the POST until the service has served a timestamp that names it. */
  readonly visible: number[] = [];
  private readonly client: HttpClient;
  private known: number | null = null;

  constructor(
    service: RunningService,
    private readonly repository: string,
    private readonly series: string,
  ) {
    this.client = new HttpClient(service);
  }

  async publishOnce(): Promise<void> {
    const known = this.known ?? (await snapshotVersion(this.client, this.repository));
    const artifact = generatedArtifact(this.series, this.visible.length);
    const started = performance.now();
    this.answered.push(await publishVisibly(this.client, this.repository, [artifact]));
    let served = known;
    while (served <= known) served = await snapshotVersion(this.client, this.repository);
    this.visible.push(performance.now() - started);
    this.known = served;
  }

  close(): void {
    this.client.close();
  }
}
