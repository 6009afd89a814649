import type { Task } from '../../answers.js';
import { Progress } from '../../progress.js';
import type { Service } from '../../service.js';
import { settledTask } from '../../tasks/settled-task.js';

const LOOK_EVERY_SECONDS = 1;

/** The task when it is settled, or as it stands when the time is over; a bar shows how far it got. */
export async function importSettled(service: Service, task: Task, seconds: number): Promise<Task> {
  const deadline = performance.now() + seconds * 1_000;
  const progress = new Progress('Publishing', task.progress?.accepted ?? null, artifactsPerSecond);
  let latest = task;
  let shown = 0;
  try {
    while (latest.state === 'waiting' && performance.now() < deadline) {
      const left = Math.ceil((deadline - performance.now()) / 1_000);
      latest = await settledTask(service, latest, Math.min(LOOK_EVERY_SECONDS, left));
      const published = latest.progress?.published ?? 0;
      progress.advance(published - shown);
      shown = published;
    }
    return latest;
  } finally {
    progress.stop();
  }
}

function artifactsPerSecond(count: number): string {
  return `${Math.round(count).toLocaleString('en-US')} artifacts/s`;
}
