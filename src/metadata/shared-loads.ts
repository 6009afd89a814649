/** What many ask for at the same time is loaded once. */
export class SharedLoads<T> {
  private readonly underWay = new Map<string, Promise<T>>();

  load(key: string, load: () => Promise<T>): Promise<T> {
    const known = this.underWay.get(key);
    if (known) return known;
    const loading = load().finally(() => {
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
