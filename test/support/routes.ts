import type { TestService } from './service.js';

export interface Route {
  readonly method: string;
  /** With parameters, as `/api/v1/keys/:keyId`. */
  readonly path: string;
}

/** Every route that the service answers, as its own router knows them. */
export function routesOf({ app }: TestService): Route[] {
  const tree = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', segment = '', methods = ''] = /^([│├└─\s]*)(\S*)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    const depth = indent.length / 4;
    above.length = depth;
    above[depth] = segment;
    const path = above.join('');
    return methods === '' ? [] : methods.split(', ').map((method) => ({ method, path }));
  });
}
