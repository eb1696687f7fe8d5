/** Joins the class names that apply; the falsy ones are conditions that do not hold. */
export function classNames(...names: readonly (string | false | null | undefined)[]): string {
  return names.filter((name) => typeof name === 'string' && name !== '').join(' ')
}
