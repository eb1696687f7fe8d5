import { csvCells, csvName } from '@/lib/services/csv'

export type CsvCell = string | number | bigint | null

/** A table as a file to save; lines end as RFC 4180 has them, and no text is a spreadsheet's formula. */
export function csvResponse(fileName: string, rows: readonly (readonly CsvCell[])[]): Response {
  const lines = rows.map((row) => `${csvCells(row.map((cell) => (cell === null ? '' : typeof cell === 'string' ? csvName(cell) : String(cell))))}\r\n`)
  return new Response(lines.join(''), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
    },
  })
}
