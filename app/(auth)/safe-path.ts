/** Where to go after signing in: a path of this site, never another one's address. */
export function safePath(wanted: string | string[] | undefined): string {
  if (typeof wanted !== 'string' || !/^\/(?![/\\])/.test(wanted)) return '/chat'
  return wanted
}
