export interface RecoveryStep {
  readonly what: string;
  readonly commands: readonly string[];
  /** What may be done in their place. */
  readonly instead?: readonly string[];
}
