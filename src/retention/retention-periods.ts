/** How long what is past is kept, in milliseconds. */
export class RetentionPeriods {
  constructor(
    /** Of metadata, after the last timestamp that leads to it has expired. */
    readonly metadataMargin: number,
    /** Of tasks, after they are settled. */
    readonly tasks: number,
    /** Of changes that await an approval. */
    readonly approvals: number,
  ) {}
}
