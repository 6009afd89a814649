/** Repository names become part of URLs and of object names: 1 to 63 of a-z, 0-9 and "-", as in a DNS label. */
export const REPOSITORY_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export function isRepositoryName(text: string): boolean {
  return REPOSITORY_NAME.test(text);
}
