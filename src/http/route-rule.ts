import { RouteConfig } from '@nestjs/platform-fastify';
import type { Scope } from '../rights/scope.js';

/** Who may use a route. One that has no rule refuses everybody. */
export type RouteRule =
  | 'public'
  | {
      readonly scope: Scope;
      /** Whether its handler itself confines those whose rights are limited to repositories; it is below none then. */
      readonly confines: boolean;
    };

/** What the service says about a route beside what Nest needs; Fastify's hooks read it before there is a body. */
export interface RouteSettings {
  readonly access?: RouteRule;
  /** Of a public route: whom its handler recognises, if they show a token; nobody needs to. */
  readonly moreWith?: Scope;
  /** Whether its body is handed on as a stream. */
  readonly isStreamed?: boolean;
  /** Whether its body may be as long as the operator allows for lists and metadata. */
  readonly takesLargeBody?: boolean;
  /** Whether TUF clients download from it, by the thousands a second. */
  readonly isDownload?: boolean;
  /** For a public route: whether it is limited by address all the same, for it costs more than an answer from memory. */
  readonly isLimited?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig extends RouteSettings {}
}

const settingsOf = new WeakMap<object, RouteSettings>();

/** Adds to what other decorators said about the route. */
export function withRouteSettings(settings: RouteSettings): MethodDecorator {
  return (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const all = { ...settingsOf.get(handler), ...settings };
    settingsOf.set(handler, all);
    RouteConfig(all)(target, key, descriptor);
  };
}
