import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { StateMetrics } from './state-metrics.service.js';
import { WorkMetrics } from './work-metrics.js';

/** Everything that is measured of this process. */
@Injectable()
export class MetricsService implements OnApplicationShutdown {
  private readonly registry = new Registry();
  private readonly work = new WorkMetrics(this.registry);

  constructor(private readonly state: StateMetrics) {
    collectDefaultMetrics({ register: this.registry });
    state.register(this.registry);
  }

  /** Requests as they are answered. */
  get requests() {
    return this.work.requests;
  }

  async render(): Promise<string> {
    await this.state.refresh();
    return this.registry.metrics();
  }

  onApplicationShutdown(): void {
    this.work.stop();
    this.registry.clear();
  }
}
