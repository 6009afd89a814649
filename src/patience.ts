/** Waits for so long, or until there is nothing left to wait for. One wait at a time. */
export class Patience {
  private end: (() => void) | null = null;

  async wait(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.end = null;
  }

  /** Nothing happens where nobody waits. */
  enough(): void {
    this.end?.();
  }
}
