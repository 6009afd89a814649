import { TooManyRequests } from '../http/bounds/too-many-requests.js';

const MAXIMUM_UNDER_WAY = 1_000;
const RETRY_AFTER_SECONDS = 1;

/** What many ask for at the same time is loaded once; beyond so much at once, whoever asks is refused. */
export class SharedLoads<T> {
  private readonly underWay = new Map<string, Promise<T>>();

  private count = 0;

  /** @throws TooManyRequests */
  async load(key: string, load: () => Promise<T>): Promise<T> {
    const known = this.underWay.get(key);
    if (known) return known;
    if (this.count >= MAXIMUM_UNDER_WAY) {
      throw new TooManyRequests('service-busy', 'too many files are being loaded', RETRY_AFTER_SECONDS);
    }
    this.count += 1;
    const loading = load().finally(() => {
      this.count -= 1;
      if (this.underWay.get(key) === loading) this.underWay.delete(key);
    });
    this.underWay.set(key, loading);
    return loading;
  }

  /** Who asks from now on gets what is there from now on. */
  forget(): void {
    this.underWay.clear();
  }
}
