/**
 * For how long after its last revision another process has a repository to itself: if each published in turn, each had to
 * read what the others did, and revisions came in between that take apart what waits. It hears of what waits here, so that
 * only its end makes a change wait that long.
 */
const TO_ITSELF_MS = 500;

/** Which repositories other processes publish, as far as this one hears of it. */
export class OtherPublishers {
  private readonly atWork = new Map<number, NodeJS.Timeout>();

  /** @param ended is told of a repository when nothing has been heard of it for long enough. */
  constructor(private readonly ended: (repositoryId: number) => void) {}

  hear(repositoryId: number): void {
    const known = this.atWork.get(repositoryId);
    if (known) known.refresh();
    else this.atWork.set(repositoryId, setTimeout(() => this.end(repositoryId), TO_ITSELF_MS).unref());
  }

  areAtWork(repositoryId: number): boolean {
    return this.atWork.has(repositoryId);
  }

  forget(repositoryId: number): void {
    clearTimeout(this.atWork.get(repositoryId));
    this.atWork.delete(repositoryId);
  }

  private end(repositoryId: number): void {
    this.forget(repositoryId);
    this.ended(repositoryId);
  }
}
