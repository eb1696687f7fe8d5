import { Option } from 'commander'
import type { Command } from 'commander'
import { AppError } from '@/lib/contract/errors'
import { usageEvents } from '@/lib/db/usage'
import { cloudEvent, COLUMNS, csvLine, usageRow } from '@/lib/services/usage-formats'
import { parseTime } from './arguments'
import type { Context } from './context'
import { withDatabase } from './database'
import { assertOrganization } from './keys'

type Format = 'csv' | 'jsonl' | 'cloudevents'

interface ExportOptions {
  org: string
  from: Date
  to: Date
  format: Format
}

/** The events in order of time, written as they are read, so that any number of them fits. */
async function exportUsage(context: Context, { org, from, to, format }: ExportOptions): Promise<void> {
  await assertOrganization(org)
  let count = 0
  if (context.json) await context.write(`${JSON.stringify({ org, from, to, format }).slice(0, -1)},"data":[`)
  else if (format === 'csv') await context.write(`${COLUMNS.join(',')}\n`)
  for await (const event of usageEvents(org, from, to)) {
    const row = usageRow(event)
    const line = format === 'csv' && !context.json ? csvLine(row) : JSON.stringify(format === 'cloudevents' ? cloudEvent(row) : row)
    await context.write(context.json ? `${count === 0 ? '' : ','}${line}` : `${line}\n`)
    count++
  }
  if (context.json) await context.write(`],"count":${count}}\n`)
  context.steps.note(`${count} events`)
}

export function addUsageCommands(program: Command, context: Context): void {
  const usage = program.command('usage').description('what was used')
  usage
    .command('export')
    .description('a row for each request that was billed, in order of time, to standard output')
    .requiredOption('--org <id>', 'the organisation')
    .requiredOption('--from <time>', 'the first moment that counts: a date, a time or seconds since 1970, UTC unless it has a zone', parseTime)
    .requiredOption('--to <time>', 'the first moment that counts no more', parseTime)
    .addOption(new Option('--format <format>', 'CloudEvents are JSON lines in the form of CloudEvents 1.0').choices(['csv', 'jsonl', 'cloudevents']).default('csv'))
    .action(async (options: ExportOptions) => {
      if (options.from >= options.to) throw new AppError('invalid_request', '--from must be before --to.', { param: 'from' })
      await withDatabase(context, () => exportUsage(context, options))
    })
}
