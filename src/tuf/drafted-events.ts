import type { RoleName } from './role-name.js';
import { isRootEvent, type SigningEvent, type TargetsEvent } from './signing-event.js';

/** The signing events of a repository while a revision is drafted: those that waited before, and what becomes of them. */
export class DraftedEvents {
  /** @param changedById events that are other than they were. */
  constructor(
    private readonly before: readonly SigningEvent[],
    private readonly changedById = new Map<string, SigningEvent>(),
  ) {}

  copy(): DraftedEvents {
    return new DraftedEvents(this.before, new Map(this.changedById));
  }

  /** What is other than it was. */
  get changed(): SigningEvent[] {
    return [...this.changedById.values()];
  }

  isChanged(id: string): boolean {
    return this.changedById.has(id);
  }

  open(): SigningEvent[] {
    if (this.areNone) return [];
    const events = new Map(this.before.map((event) => [event.id, event]));
    for (const [id, event] of this.changedById) events.set(id, event);
    return [...events.values()].filter(({ state }) => state === 'open');
  }

  /** If it is open. */
  find(id: string): SigningEvent | undefined {
    return this.open().find((event) => event.id === id);
  }

  /** The open one of a role. */
  of(role: RoleName): SigningEvent | undefined {
    if (this.areNone) return undefined;
    const changed = this.changed.find((event) => event.role === role && event.state === 'open');
    return changed ?? this.before.find((event) => event.role === role && !this.changedById.has(event.id));
  }

  /** The open one of a targets role. */
  ofTargets(role: RoleName): TargetsEvent | undefined {
    const event = this.of(role);
    return event && !isRootEvent(event) ? event : undefined;
  }

  change(event: SigningEvent): void {
    this.changedById.set(event.id, event);
  }

  /** Puts an event in the place of the one that waited for this role. */
  put<Event extends SigningEvent>(event: Event): Event {
    const waiting = this.of(event.role);
    if (waiting && waiting.id !== event.id) this.close(waiting, 'superseded', `superseded by ${event.id}`);
    this.change(event);
    return event;
  }

  /** One that was opened by this very draft, and that nobody could see, leaves no trace. */
  close(event: SigningEvent, state: 'superseded' | 'withdrawn' | 'completed', reason: string | null): void {
    const wasSeen = this.before.some(({ id }) => id === event.id);
    if (wasSeen) this.change({ ...event, state, reason });
    else this.changedById.delete(event.id);
  }

  private get areNone(): boolean {
    return this.changedById.size === 0 && this.before.length === 0;
  }
}
