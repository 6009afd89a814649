import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Origin } from '../audit-chain/audit-entry.js';
import { APPROVAL_NAMES, type Approval } from '../tuf/approval.js';
import type { Outcome } from '../tuf/change.js';
import { insertAuditEntries } from './audit-entries.js';
import { type ApprovalsProposal, RepositoryEntity } from './entities/repository.entity.js';
import { TaskEntity } from './entities/task.entity.js';
import { CHANNELS, Notifications } from './notifications.js';
import type { RepositoryRecord } from './repository.store.js';

/** `closed`: it awaits no approval, any more or at all. `own`: who asked for it cannot approve it. */
export type Decided = 'done' | 'unknown' | 'closed' | 'own';

export interface WantedApprovals {
  readonly approvals: readonly Approval[];
  readonly proposal: ApprovalsProposal | null;
}

interface ExpiredTask {
  readonly id: string;
  readonly kind: string;
  readonly askedBy: string;
  readonly repositoryId: number;
  readonly repository: string;
}

const EXPIRED_AT_ONCE = 100;

/** What takes two principals: the one who asks, and the one who approves. */
@Injectable()
export class ApprovalStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly notifications: Notifications,
  ) {}

  /** Lets the publishers have a change, with the entry of the audit log in the same commit. */
  async approve(repository: RepositoryRecord, id: string, origin: Origin, now: Date): Promise<Decided> {
    const decided = await this.decide(repository, id, origin, now, async (manager, task) => {
      if (isSamePrincipal(task, origin)) return 'own';
      const approval = { state: 'waiting', approvedBy: origin.principal, approvedAt: now } as const;
      await manager.update(TaskEntity, { id }, approval);
      return 'approve-change';
    });
    if (decided === 'done') this.notifications.tell(CHANNELS.changeWaiting, { repositoryId: repository.id });
    return decided;
  }

  /** Settles a change as refused; who asked for it may do that, too. */
  async reject(
    repository: RepositoryRecord,
    id: string,
    refusal: NonNullable<Outcome['refusal']>,
    origin: Origin,
    now: Date,
  ): Promise<Decided> {
    const decided = await this.decide(repository, id, origin, now, async (manager) => {
      const outcome = { state: 'refused', refusal } as const;
      await manager.update(TaskEntity, { id }, { state: 'refused', outcome, settledAt: now });
      return 'reject-change';
    });
    if (decided === 'done') this.notifications.tell(CHANNELS.revisionSettled, { repositoryId: repository.id });
    return decided;
  }

  /** Settles as refused what nobody has decided on in time. @returns whether there may be more. */
  async expire(askedBefore: Date, now: Date): Promise<boolean> {
    const expired = await this.dataSource.transaction(async (manager) => {
      const outcome = { state: 'refused', refusal: { code: 'approval-expired', detail: 'nobody approved it in time' } };
      const tasks: ExpiredTask[] = await manager.query(
        `with expired as (
           select id from task where state = 'awaiting-approval' and created_at <= $1
             order by created_at limit ${EXPIRED_AT_ONCE} for update skip locked
         ), settled as (
           update task set state = 'refused', outcome = $2, settled_at = $3 from expired where task.id = expired.id
             returning task.id, task.kind, task.principal, task.repository_id
         )
         select settled.id, kind, principal as "askedBy", repository_id as "repositoryId", name as repository
           from settled join repository on repository.id = repository_id`,
        [askedBefore, JSON.stringify(outcome), now],
      );
      await insertAuditEntries(
        manager,
        tasks.map(({ id, kind, askedBy, repository }) => ({
          at: now,
          repository,
          principal: null,
          credential: null,
          address: null,
          action: 'expire-approval',
          target: { task: id, kind, askedBy },
        })),
      );
      return tasks;
    });
    for (const id of new Set(expired.map(({ repositoryId }) => repositoryId))) {
      this.notifications.tell(CHANNELS.revisionSettled, { repositoryId: id });
    }
    return expired.length === EXPIRED_AT_ONCE;
  }

  async wanted(repositoryId: number): Promise<WantedApprovals> {
    return wantedBy(await this.repositories.findOneByOrFail({ id: repositoryId }));
  }

  /** More takes effect at once; less, when a second principal wants the very same. */
  want(
    { id, name }: RepositoryRecord,
    wanted: readonly Approval[],
    origin: Origin,
    now: Date,
  ): Promise<WantedApprovals> {
    const approvals = APPROVAL_NAMES.filter((approval) => wanted.includes(approval));
    return this.dataSource.transaction(async (manager) => {
      const before = await manager.findOneOrFail(RepositoryEntity, LOCKED({ id }));
      const isAgreed = !isLess(approvals, before.approvals) || isProposedByOther(before, approvals, origin);
      const proposal = { approvals, principal: origin.principal, credential: origin.credential, at: now.toISOString() };
      const after = isAgreed ? { approvals, approvalsProposal: null } : { approvalsProposal: proposal };
      await manager.update(RepositoryEntity, { id }, after);
      const target = { approvals: [...approvals], before: [...before.approvals] };
      const action = isAgreed ? 'set-approvals' : 'propose-approvals';
      await insertAuditEntries(manager, [{ ...origin, at: now, repository: name, action, target }]);
      return wantedBy({ ...before, ...after });
    });
  }

  private decide(
    { id: repositoryId, name }: RepositoryRecord,
    id: string,
    origin: Origin,
    now: Date,
    act: (manager: EntityManager, task: TaskEntity) => Promise<'own' | 'approve-change' | 'reject-change'>,
  ): Promise<Decided> {
    return this.dataSource.transaction(async (manager) => {
      const task = await manager.findOne(TaskEntity, LOCKED({ id, repositoryId }));
      if (!task) return 'unknown';
      if (task.state !== 'awaiting-approval') return 'closed';
      const action = await act(manager, task);
      if (action === 'own') return 'own';
      const target = { task: id, kind: task.kind, askedBy: task.principal };
      await insertAuditEntries(manager, [{ ...origin, at: now, repository: name, action, target }]);
      return 'done';
    });
  }

  private get repositories() {
    return this.dataSource.getRepository(RepositoryEntity);
  }
}

/** One decision at a time. */
const LOCKED = <Where>(where: Where) => ({ where, lock: { mode: 'pessimistic_write' as const } });

/** A CI job may fit several rules, and so have several ids: its name, that is its subject, tells it then. */
function isSamePrincipal(
  one: { readonly principal: string; readonly credential: string | null },
  other: Origin,
): boolean {
  return one.credential === other.credential || one.principal === other.principal;
}

function isLess(wanted: readonly Approval[], before: readonly Approval[]): boolean {
  return before.some((approval) => !wanted.includes(approval));
}

function isProposedByOther(
  { approvalsProposal: proposal }: RepositoryEntity,
  wanted: readonly Approval[],
  origin: Origin,
): boolean {
  if (!proposal || isSamePrincipal(proposal, origin)) return false;
  return proposal.approvals.length === wanted.length && !isLess(wanted, proposal.approvals);
}

function wantedBy({ approvals, approvalsProposal: proposal }: RepositoryEntity): WantedApprovals {
  return { approvals, proposal };
}
