import type { Command } from 'commander'
import { reconcile } from '@/lib/db/reconcile'
import type { LedgerDifference } from '@/lib/db/reconcile'
import type { Context } from './context'
import { withDatabase } from './database'
import { assertOrganization } from './keys'

function line({ check, orgId, place, expected, found }: LedgerDifference): string {
  const faults = Object.keys(expected).filter((measure) => expected[measure] !== found[measure])
  return `✗ ${check}: ${orgId} ${place}: ${faults.map((measure) => `${measure} ${found[measure] ?? ''}, not ${expected[measure] ?? ''}`).join('; ')}`
}

export function addLedgerCommands(program: Command, context: Context): void {
  const ledger = program.command('ledger').description('the account of what was used')
  ledger
    .command('check')
    .description('prove that events, holds, balances, roll-ups and prices agree; the exit code is 1 where they do not')
    .option('--org <id>', 'one organisation; without it, all of them')
    .action(async ({ org }: { org?: string }) => {
      const result = await withDatabase(context, async () => {
        if (org !== undefined) await assertOrganization(org)
        return context.steps.step('Adding up', (progress) => reconcile(org, progress))
      })
      const { events, holds, checks, differences } = result
      const agree = checks.filter((check) => differences.every((difference) => difference.check !== check)).map((check) => `✓ ${check}`)
      const text = [...agree, ...differences.map(line), `${events} events, ${holds} holds, ${differences.length === 0 ? 'no difference' : `${differences.length} differences`}`]
      await context.answer({ json: { ok: differences.length === 0, ...result }, text: text.join('\n'), failed: differences.length > 0 })
    })
}
