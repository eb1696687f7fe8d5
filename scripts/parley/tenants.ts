import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { AppError } from '@/lib/contract/errors'
import { PLANS } from '@/lib/domain/plans'
import type { Plan } from '@/lib/domain/plans'
import { changeTenantTerms } from '@/lib/services/change-tenant-terms'
import type { TenantTerms } from '@/lib/services/change-tenant-terms'
import { COMMAND_LINE } from '@/lib/services/operator'
import { suspendOrganization } from '@/lib/services/suspend-organization'
import { parsePlan, parseQuota } from './arguments'
import type { Context } from './context'
import { withDatabase } from './database'

interface TermsOptions {
  plan?: Plan
  quota?: number | 'plan'
  characters?: number | 'plan'
}

/** What an operator does with a tenant, without the dashboard. */
export function addTenantCommands(program: Command, context: Context): void {
  const organization = program.commands.find((command) => command.name() === 'org')
  if (organization === undefined) throw new Error('The commands of organisations come first.')
  for (const [name, suspended, done] of [['suspend', true, 'is suspended'], ['resume', false, 'goes on']] as const) {
    organization
      .command(name)
      .description(suspended ? 'refuse its people and its keys at once, and end what runs for it; nothing is deleted' : 'let it go on')
      .argument('<id>', 'the organisation')
      .option('--reason <words>', 'for its audit log', 'by the command line')
      .action(async (id: string, { reason }: { reason: string }) => {
        const { suspendedAt } = await withDatabase(context, () => suspendOrganization(COMMAND_LINE, id, { suspended, reason }))
        await context.answer({ json: { orgId: id, suspended: suspendedAt !== null }, text: `${id} ${done}.` })
      })
  }
  organization
    .command('plan')
    .description('change the plan and the quotas of an organisation, for requests from now on')
    .argument('<id>', 'the organisation')
    .option('--plan <plan>', 'free, pro or enterprise', parsePlan)
    .option('--quota <tokens>', "prompt and completion tokens a month; `plan` for the plan's own", quotaOrPlan)
    .option('--characters <count>', "translated characters a month; `plan` for the plan's own", quotaOrPlan)
    .action(async (id: string, { plan, quota, characters }: TermsOptions) => {
      const terms: TenantTerms = {
        ...(plan === undefined ? {} : { plan }),
        ...(quota === undefined ? {} : { tokenQuota: quota === 'plan' ? null : quota }),
        ...(characters === undefined ? {} : { characterQuota: characters === 'plan' ? null : characters }),
      }
      if (Object.keys(terms).length === 0) throw new AppError('invalid_request', 'Name what is to change: --plan, --quota or --characters.')
      const after = await withDatabase(context, () => changeTenantTerms(COMMAND_LINE, id, terms))
      const limits = { tokens: after.tokenQuota ?? PLANS[after.plan].monthlyTokens, characters: after.characterQuota ?? PLANS[after.plan].monthlyCharacters }
      const shown = (limit: number | null) => limit?.toLocaleString('en') ?? 'unlimited'
      await context.answer({
        json: { orgId: id, plan: after.plan, tokenQuota: after.tokenQuota, characterQuota: after.characterQuota, ...limits },
        text: `${after.name} is on the plan ${after.plan}: ${shown(limits.tokens)} tokens and ${shown(limits.characters)} characters a month.`,
      })
    })
}

/** The library takes null for nothing given. */
function quotaOrPlan(text: string): number | 'plan' {
  if (text === 'plan') return text
  try {
    return parseQuota(text)
  } catch {
    throw new InvalidArgumentError("It is a whole number of at least 0, or `plan` for the plan's own.")
  }
}
