import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import path from 'node:path'

export interface BenchResult {
  title: string
  columns: readonly string[]
  rows: readonly (readonly (string | number)[])[]
  /** How it was measured, and what the figures do not say. */
  notes: readonly string[]
}

/** A table that reads well in a terminal and pastes as Markdown. */
export function printTable({ title, columns, rows, notes }: BenchResult, output: { write(text: string): unknown }): void {
  const cells = [columns, ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? significant(cell) : cell)))]
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`
  output.write(`\n${title}\n\n${line(columns)}${line(widths.map((width) => '-'.repeat(width)))}`)
  for (const row of cells.slice(1)) output.write(line(row))
  for (const note of notes) output.write(`\n${note}`)
  output.write('\n')
}

/** Writes the figures with the machine that they come from; returns the file. */
export async function writeResult(root: string, name: string, result: BenchResult): Promise<string> {
  const file = path.join(root, 'bench/results', `${name}.json`)
  await mkdir(path.dirname(file), { recursive: true })
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  }
  await writeFile(file, `${JSON.stringify({ measuredAt: new Date().toISOString(), machine, ...result }, null, 2)}\n`)
  return file
}

function significant(value: number): string {
  return value >= 100 ? Math.round(value).toString() : value.toPrecision(3)
}
