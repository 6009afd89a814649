import type { Api } from './api.js';

/** Waits until nothing waits to be published in a repository. */
export async function nothingWaits(api: Api, name: string): Promise<void> {
  for (;;) {
    const { body } = await api.get(`/repositories/${name}/tasks?state=waiting`);
    if (body.items.length === 0) return;
    await api.get(`/repositories/${name}/tasks/${body.items[0].id}?wait=20`);
  }
}
