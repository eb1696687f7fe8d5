import { csvCells, csvName } from '@/lib/services/csv'

export type CsvCell = string | number | bigint | null

/** A table as a file to save; lines end as RFC 4180 has them, and no text is a spreadsheet's formula. */
export function csvResponse(fileName: string, rows: readonly (readonly CsvCell[])[]): Response {
  const lines = rows.map((row) => `${csvCells(row.map((cell) => (cell === null ? '' : typeof cell === 'string' ? csvName(cell) : String(cell))))}\r\n`)
  return new Response(lines.join(''), { headers: headersOf(fileName) })
}

/** The same of any number of rows, which come as lines of CSV while they are read. */
export function csvStreamResponse(fileName: string, lines: AsyncGenerator<string>): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await lines.next()
      if (next.done === true) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
    cancel: async () => {
      await lines.return(undefined)
    },
  })
  return new Response(body, { headers: headersOf(fileName) })
}

function headersOf(fileName: string): Record<string, string> {
  return {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
  }
}
