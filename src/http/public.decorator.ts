import { SetMetadata } from '@nestjs/common';

export const IS_PUBLIC = 'trs:public';

/** Opens a route to everyone; every other route needs a token. */
export const Public = () => SetMetadata(IS_PUBLIC, true);

export const KNOWS_CALLERS = 'trs:knows-callers';

/** Of a public route that tells more to who shows a token; without one, or with a wrong one, it answers all the same. */
export const KnowsCallers = () => SetMetadata(KNOWS_CALLERS, true);
