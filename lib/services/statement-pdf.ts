import PDFDocument from 'pdfkit'
import type { Feature } from '@/lib/contract/feature'
import { exactAmount, exactMicros, PICOS_IN_MICRO } from '@/lib/domain/money'
import type { PriceDirection } from '@/lib/domain/pricing'
import { westernText } from '@/lib/domain/western-text'
import type { Statement, StatementGroup } from './monthly-statement'

const FEATURES: Record<Feature, string> = { chat: 'Chat', write: 'Write', completion: 'Completions', translate: 'Translation' }
const DIRECTIONS: Record<PriceDirection, string> = {
  prompt: 'Tokens read',
  completion: 'Tokens written',
  characters: 'Characters translated',
  training: 'Tokens trained on',
}

const MARGIN = 50
const WIDTH = 595.28 - 2 * MARGIN
const BOTTOM = 841.89 - 70
const INK = '#1c1d20'
const MUTED = '#5d6068'
const LINE = '#d9dade'

/** Left edge and width of each column, in points from the margin; all but the first are set right. */
const COLUMNS = [
  { x: 0, width: 175 },
  { x: 175, width: 90 },
  { x: 265, width: 105 },
  { x: 370, width: WIDTH - 370 },
] as const

const COUNT = new Intl.NumberFormat('en')
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

/**
 * The statement as a PDF (A4). Its built-in fonts know western letters alone: a name in others is
 * printed in the nearest ones or as question marks, and stands whole in the document's properties
 * and beside the organisation's id in the CSV.
 */
export function statementPdf(statement: Statement, now = new Date()): Promise<Uint8Array<ArrayBuffer>> {
  const title = `Statement ${statement.month}, ${statement.orgName}`
  const doc = new PDFDocument({ size: 'A4', margin: MARGIN, bufferPages: true, lang: 'en', info: { Title: title, Author: 'Parley', CreationDate: now } })
  const chunks: Buffer[] = []
  const done = new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    doc.on('error', reject)
  })
  head(doc, statement)
  if (statement.groups.length === 0) doc.font('Helvetica').fontSize(10).fillColor(INK).text('Nothing was used in this month.', MARGIN, doc.y)
  for (const group of statement.groups) table(doc, group)
  foot(doc, statement, now)
  number(doc, statement)
  doc.end()
  return done
}

type Doc = InstanceType<typeof PDFDocument>

function head(doc: Doc, { orgId, orgName, from, to, complete, currency, costMicros }: Statement): void {
  doc.font('Helvetica-Bold').fontSize(20).fillColor(INK).text('Statement', MARGIN, MARGIN)
  doc.font('Helvetica').fontSize(12).fillColor(MUTED).text(MONTH.format(from))
  doc.moveDown(1)
  doc.font('Helvetica-Bold').fontSize(12).fillColor(INK).text(westernText(orgName), { width: WIDTH })
  doc.font('Helvetica').fontSize(9).fillColor(MUTED).text(`Organisation ${orgId}`)
  const last = new Date(to.getTime() - 1)
  doc.text(complete ? `${DAY.format(from)} to ${DAY.format(last)}, UTC` : `${DAY.format(from)} until ${to.toISOString()}: the month is not over`)
  doc.moveDown(1)
  doc.font('Helvetica-Bold').fontSize(14).fillColor(INK).text(`Total ${exactMicros(costMicros)} ${currency}`)
  doc.moveDown(1)
}

function table(doc: Doc, { model, feature, plan, requests, lines, roundingPicos, costMicros }: StatementGroup): void {
  room(doc, 34 + 14 * (lines.length + 2))
  doc.font('Helvetica-Bold').fontSize(10).fillColor(INK)
  doc.text(westernText(`${FEATURES[feature]} · plan ${plan} · ${model}`), MARGIN, doc.y, { width: WIDTH, height: 12, ellipsis: true })
  row(doc, ['', 'Quantity', 'Price per million', 'Amount'], MUTED)
  // As many places as the longest amount has, so that the points stand below each other.
  const places = Math.max(...[...lines.map(({ picos }) => picos), roundingPicos].map((amount) => exactAmount(amount).split('.')[1]?.length ?? 0))
  const amountOf = (picos: bigint): string => exactAmount(picos, places)
  for (const { direction, quantity, price, picos } of lines) {
    row(doc, [DIRECTIONS[direction], COUNT.format(quantity), exactAmount(price * PICOS_IN_MICRO), amountOf(picos)], INK)
  }
  if (roundingPicos !== 0n) row(doc, ['Rounding of each request', COUNT.format(requests), '', amountOf(roundingPicos)], INK)
  row(doc, ['Sum', `${COUNT.format(requests)} ${requests === 1 ? 'request' : 'requests'}`, '', amountOf(costMicros * PICOS_IN_MICRO)], INK, true)
  doc.y += 12
}

function row(doc: Doc, cells: readonly [string, string, string, string], color: string, sum = false): void {
  const top = doc.y + 2
  if (sum) doc.moveTo(MARGIN, top - 1).lineTo(MARGIN + WIDTH, top - 1).lineWidth(0.5).strokeColor(LINE).stroke()
  doc.font(sum ? 'Helvetica-Bold' : 'Helvetica').fontSize(9).fillColor(color)
  for (const [index, { x, width }] of COLUMNS.entries()) {
    doc.text(cells[index] ?? '', MARGIN + x, top, { width, align: index === 0 ? 'left' : 'right', lineBreak: false })
  }
  doc.y = top + 12
}

function foot(doc: Doc, { currency, costMicros, requests }: Statement, now: Date): void {
  room(doc, 120)
  row(doc, ['Total', `${COUNT.format(requests)} ${requests === 1 ? 'request' : 'requests'}`, currency, exactMicros(costMicros)], INK, true)
  doc.y += 14
  doc.font('Helvetica').fontSize(8).fillColor(MUTED)
  const notes = [
    `Amounts are exact, in ${currency}. A request is priced by the list that was valid when it began; the price of all it used is then rounded up once, to a millionth of ${currency}. “Rounding of each request” is the sum of what that added, always less than a millionth a request. The total is the sum of the costs of all requests that ended in the month, as the export of usage lists them one by one.`,
    `Made on ${now.toISOString()}.`,
  ]
  for (const note of notes) doc.text(note, MARGIN, doc.y, { width: WIDTH }).moveDown(0.5)
}

/** Goes to a new page where less than so many points are left. */
function room(doc: Doc, points: number): void {
  if (doc.y + points <= BOTTOM) return
  doc.addPage()
}

function number(doc: Doc, { month, orgId }: Statement): void {
  const { start, count } = doc.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    doc.switchToPage(page)
    // Below the margin, where text would otherwise begin another page.
    doc.page.margins.bottom = 0
    doc.font('Helvetica').fontSize(8).fillColor(MUTED)
    doc.text(`${month} · ${orgId} · page ${page + 1} of ${count}`, MARGIN, 841.89 - 40, { width: WIDTH, align: 'center', lineBreak: false })
  }
}
