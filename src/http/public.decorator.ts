import { SetMetadata } from '@nestjs/common';

export const IS_PUBLIC = 'trs:public';

/** Opens a route to everyone; every other route needs a token. */
export const Public = () => SetMetadata(IS_PUBLIC, true);
