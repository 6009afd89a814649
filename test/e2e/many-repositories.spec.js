import { Api } from '../support/api.js';
import { readyRepository } from '../support/ceremony.js';
import { startService } from '../support/service.js';
test('more repositories than database connections are renewed at once, without a wait for each other', async () => {
    const service = await startService({ environment: { TRS_DATABASE_POOL_SIZE: '3' } });
    const api = new Api(service);
    for (let count = 0; count < 12; count += 1)
        await readyRepository(api, { bins: { count: 2 } });
    await service.database.query(`update role set renew_at = now() - interval '1 second' where name = 'timestamp'`);
    const deadline = Date.now() + 10_000;
    for (;;) {
        const due = await service.database.query('select 1 from role where renew_at <= now()');
        if (due.length === 0)
            break;
        if (Date.now() > deadline)
            throw new Error(`${due.length} timestamps are still due after 10 s`);
        expect((await api.get('/repositories')).status).toBe(200);
    }
    await service.stop();
});
