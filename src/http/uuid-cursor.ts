import { cursorInvalid, cursorKey, type PageQuery } from './pagination.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id after which a page starts; empty for the first. */
export function uuidCursor(query: PageQuery): string {
  const id = cursorKey(query);
  if (id !== '' && !UUID.test(id)) throw cursorInvalid();
  return id;
}
