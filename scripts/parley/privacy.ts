import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { AppError } from '@/lib/contract/errors'
import { listErasureReceipts, type ErasureReceipt } from '@/lib/db/erasure'
import { eraseAsOperator } from '@/lib/services/erase-organization'
import { exportOrganization, type ExportManifest } from '@/lib/services/export-organization'
import type { Context } from './context'
import { withDatabase } from './database'

/** To the command `org`, which there is already. */
export function addPrivacyCommands(program: Command, context: Context): void {
  const organization = program.commands.find((command) => command.name() === 'org')
  if (organization === undefined) throw new Error('The command org comes first.')
  addExport(organization, context)
  addErase(organization, context)
  addReceipts(organization, context)
}

function addExport(organization: Command, context: Context): void {
  organization
    .command('export')
    .description("write everything that an organisation owns to one zip archive: tables, files, and a manifest with counts and digests")
    .argument('<id>', "the organisation's id")
    .argument('<file>', 'the archive; one that is there is replaced')
    .action(async (id: string, file: string) => {
      const target = path.resolve(context.workingDir, file)
      const { manifest, bytes, sha256 } = await withDatabase(context, () => writeExport(context, id, target))
      const tables = Object.fromEntries(manifest.files.flatMap(({ path: name, rows }) => (rows === undefined ? [] : [[path.basename(name, '.ndjson'), rows]])))
      const blobs = manifest.files.filter(({ rows }) => rows === undefined).length
      const text = [`${target}, ${bytes.toLocaleString('en')} bytes`, `sha256 ${sha256}`, ...rowsText(tables), `${blobs} files`].join('\n')
      await context.answer({ json: { file: target, bytes, sha256, tables, blobs }, text })
    })
}

/** The file is there when it is whole. */
async function writeExport(context: Context, id: string, target: string): Promise<{ manifest: ExportManifest; bytes: number; sha256: string }> {
  const unfinished = `${target}.${process.pid}.part`
  return context.steps.step('Export', async (progress) => {
    const exported = exportOrganization(id, progress)
    // The organisation is looked for before a file is made.
    let step = await exported.next()
    // Nobody else on this machine reads it.
    const file = await open(unfinished, 'wx', 0o600)
    const hash = createHash('sha256')
    let bytes = 0
    try {
      for (; step.done !== true; step = await exported.next()) {
        await file.writeFile(step.value)
        hash.update(step.value)
        bytes += step.value.length
      }
      await file.close()
      await rename(unfinished, target)
    } finally {
      await file.close()
      await rm(unfinished, { force: true })
    }
    return { manifest: step.value, bytes, sha256: hash.digest('hex') }
  })
}

function addErase(organization: Command, context: Context): void {
  organization
    .command('erase')
    .description('remove an organisation with everything of it, and the people who belong to no other; there is no way back')
    .argument('<id>', "the organisation's id")
    .option('--yes', 'ask nothing; a script is never asked')
    .action(async (id: string, { yes }: { yes?: true }) => {
      if (yes === undefined && process.stdin.isTTY) await confirm(id)
      const { receipt, subscriptionId } = await withDatabase(context, () => eraseAsOperator(id))
      const left = subscriptionId === null ? [] : [`The subscription ${subscriptionId} still runs at Stripe: end it there.`]
      await context.answer({ json: { ...receiptJson(receipt), subscription: subscriptionId }, text: [...receiptText(receipt), ...left].join('\n') })
    })
}

/** At a terminal the id is typed once more. */
async function confirm(id: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const typed = await terminal.question(`This removes the organisation ${id} with everything of it, for good. Type its id again: `)
  terminal.close()
  if (typed.trim() !== id) throw new AppError('invalid_request', 'That is another id. Nothing was removed.')
}

function addReceipts(organization: Command, context: Context): void {
  organization
    .command('receipts')
    .description('list what was erased, and check that no receipt was changed or removed')
    .action(async () => {
      const { receipts, broken } = await withDatabase(context, listErasureReceipts)
      const lines = receipts.map(({ number, body, digest }) => `${number}  ${body.erased_at}  ${body.organization}  ${digest}`)
      const verdict = broken === null ? 'The receipts are whole.' : `Receipt ${broken} was changed, or the one before it removed.`
      await context.answer({ json: { receipts: receipts.map(receiptJson), whole: broken === null, broken }, text: [...lines, verdict].join('\n'), failed: broken !== null })
    })
}

function receiptJson({ number, body, digest }: ErasureReceipt) {
  return { receipt: number, digest, ...body }
}

function receiptText({ number, body, digest }: ErasureReceipt): string[] {
  return [
    `Erased ${body.organization} at ${body.erased_at}, receipt ${number}`,
    `sha256 ${digest}`,
    ...rowsText(body.tables),
    'Kept:',
    ...Object.entries(body.kept).map(([what, why]) => `  ${what}: ${why}`),
  ]
}

function rowsText(tables: Readonly<Record<string, number>>): string[] {
  const width = Math.max(...Object.keys(tables).map((name) => name.length))
  return Object.entries(tables).map(([name, rows]) => `  ${name.padEnd(width)}  ${rows}`)
}
