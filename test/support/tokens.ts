import { Api } from './api.js';
import type { TestService } from './service.js';

export interface TokenWish {
  readonly name?: string;
  readonly scopes: readonly string[];
  readonly repositories?: readonly string[];
  readonly paths?: readonly string[];
  readonly expiresIn?: { readonly days?: number; readonly seconds?: number };
  readonly permanent?: boolean;
}

export interface MadeToken {
  readonly id: string;
  readonly token: string;
  readonly api: Api;
}

/** A token as the administrator makes it, with a client that uses it. */
export async function tokenWith(
  service: Pick<TestService, 'url' | 'token'>,
  wish: TokenWish,
  by = new Api(service),
): Promise<MadeToken> {
  const { status, body } = await by.post('/tokens', { name: 'a token', ...wish });
  if (status !== 201) throw new Error(`the token was not created: ${JSON.stringify(body)}`);
  return { id: body.id, token: body.token, api: new Api({ url: service.url, token: body.token }) };
}
