/**
 * Whether the locale's characters are UTF-8, as the C library decides: the first of three variables that is not empty;
 * none is ASCII.
 */
export function isUtf8(env: Readonly<Record<string, string | undefined>>): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '')
}
