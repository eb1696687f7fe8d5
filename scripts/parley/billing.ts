import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { deadExports, reviveExports, sinkStates, SINKS, type SinkName } from '@/lib/db/usage-exports'
import { exactMicros } from '@/lib/domain/money'
import { monthlyStatement } from '@/lib/services/monthly-statement'
import { statementCsv } from '@/lib/services/statement-csv'
import { statementPdf } from '@/lib/services/statement-pdf'
import type { Context } from './context'
import { withDatabase } from './database'

interface StatementOptions {
  org: string
  month: string
  format?: 'pdf' | 'csv'
}

const DEAD_SHOWN = 100

async function writeStatement(context: Context, file: string, { org, month, format }: StatementOptions): Promise<void> {
  const statement = await monthlyStatement(org, month, context.env.BILLING_CURRENCY)
  const pdf = (format ?? path.extname(file).slice(1)) !== 'csv'
  const target = path.resolve(context.workingDir, file)
  await writeFile(target, pdf ? await statementPdf(statement) : statementCsv(statement))
  const { complete, requests, costMicros, currency } = statement
  await context.answer({
    json: { org, month, complete, requests, cost_micros: Number(costMicros), currency, format: pdf ? 'pdf' : 'csv', file: target },
    text: `${exactMicros(costMicros)} ${currency} for ${requests} requests${complete ? '' : ', and the month is not over'}: ${target}`,
  })
}

async function showExports(context: Context): Promise<void> {
  const [sinks, dead] = await Promise.all([sinkStates(), deadExports(DEAD_SHOWN)])
  const lines = sinks.map(
    ({ name, enabled, delivered, waiting, waitingSince, dead: lost }) =>
      `${name}${enabled ? '' : ' (off)'}: ${delivered} delivered, ${waiting} waiting${waitingSince === null ? '' : ` since ${waitingSince.toISOString()}`}, ${lost} given up`,
  )
  const lost = dead.map(({ sink, eventId, orgId, error }) => `  ${sink} ${eventId} of ${orgId}: ${error ?? ''}`)
  await context.answer({
    json: { sinks, dead },
    text: sinks.length === 0 ? 'Usage is passed on to no service: STRIPE_SECRET_KEY, OPENMETER_URL and LAGO_URL are not set.' : [...lines, ...lost].join('\n'),
    failed: dead.length > 0,
  })
}

export function addBillingCommands(program: Command, context: Context): void {
  program
    .command('statement')
    .description("a month's statement of an organisation, as a file")
    .argument('<file>', 'where to write it')
    .requiredOption('--org <id>', 'the organisation')
    .requiredOption('--month <month>', 'as in 2026-11, UTC')
    .addOption(new Option('--format <format>', "the file's ending says it where this does not").choices(['pdf', 'csv']))
    .action(async (file: string, options: StatementOptions) => withDatabase(context, () => writeStatement(context, file, options)))

  const billing = program.command('billing').description('usage that is passed on to Stripe, OpenMeter and Lago')
  billing
    .command('exports')
    .description('how far each service is, and what was given up')
    .action(async () => withDatabase(context, () => showExports(context)))
  billing
    .command('retry')
    .description('sends what was given up once more; look at the service first, which may have taken it')
    .addOption(new Option('--sink <name>', 'the service').choices([...SINKS]).makeOptionMandatory())
    .option('--event <id...>', 'only these events')
    .action(async ({ sink, event }: { sink: SinkName; event?: string[] }) =>
      withDatabase(context, async () => {
        const count = await reviveExports(sink, event)
        await context.answer({ json: { sink, revived: count }, text: `${count} events are sent to ${sink} again.` })
      }),
    )
}
