import { TOP_LEVEL_ROLES } from '../tuf/metadata.js';
import type { MetadataFile } from '../tuf/metadata-file.js';
import type { SigningEventState } from '../tuf/signing-event.js';
import type { TaskOutcome } from './artifact-import.js';
import type { NewWebhookEvent } from './webhook-event.js';

const TASKS_LISTED = 100;

export function versionsOf(files: readonly MetadataFile[]): Record<string, number> {
  const names: readonly string[] = TOP_LEVEL_ROLES;
  const topLevel = files.filter(({ role }) => names.includes(role));
  return Object.fromEntries(topLevel.map(({ role, metadata }) => [role, metadata.signed.version]));
}

export function publishedEvent(
  revision: number,
  versions: Readonly<Record<string, number>>,
  settled: readonly { readonly id: string }[],
): NewWebhookEvent {
  const tasks = settled.slice(0, TASKS_LISTED).map(({ id }) => id);
  return { type: 'revision.published', data: { revision, versions, tasks, taskCount: settled.length } };
}

/** Also where only a part of what was asked was refused. */
export function failedTaskEvent(task: string, { state, refusal, artifacts }: TaskOutcome): NewWebhookEvent[] {
  if (state === 'succeeded') return [];
  const first = artifacts?.find(({ result }) => result === 'refused');
  const { code, detail } = refusal ?? (first && 'code' in first ? first : { code: null, detail: null });
  return [{ type: 'task.failed', data: { task, state, code, detail } }];
}

export function signingEventEvent(
  signingEvent: string,
  role: string,
  version: number,
  state: SigningEventState,
  isNew: boolean,
): NewWebhookEvent[] {
  const data = { signingEvent, role, version };
  if (state === 'completed') return [{ type: 'signing-event.completed', data }];
  return isNew && state === 'open' ? [{ type: 'signing-event.opened', data }] : [];
}
