/** One record of https://www.rfc-editor.org/rfc/rfc4180, without its line feed. */
export function csvCells(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\r\n]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
}

/** A name that people chose, so that no spreadsheet takes it for a formula. */
export function csvName(name: string): string {
  return /^[=+\-@\t\r]/u.test(name) ? `'${name}` : name
}
