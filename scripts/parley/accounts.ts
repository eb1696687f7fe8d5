import type { Command } from 'commander'
import { createOperator, createOrganizationWithOwner } from '@/lib/auth/accounts'
import { PLANS } from '@/lib/domain/plans'
import type { Plan } from '@/lib/domain/plans'
import { publicAddress } from '@/lib/mail/public-address'
import { openPasswordReset } from '@/lib/services/reset-password'
import { readRuntime } from '../runtime-file'
import { parsePlan, parseQuota } from './arguments'
import type { Context } from './context'
import { withDatabase } from './database'

export function addOperatorCommands(program: Command, context: Context): void {
  const operator = program.command('operator').description('people who run this installation')
  operator
    .command('create')
    .description('make an account an operator; a new e-mail gets an account, a known one must come with its password')
    .requiredOption('--email <address>', 'the operator signs in with it')
    .requiredOption('--password <password>', 'at least 8 characters')
    .action(async (options: { email: string; password: string }) => {
      const { userId } = await withDatabase(context, () => createOperator(options))
      await context.answer({ json: { userId }, text: `${options.email} is an operator (${userId}).` })
    })
  addResetPasswordCommand(operator, context)
}

/** Where no mail is sent, or it does not arrive: the operator hands the link over. */
function addResetPasswordCommand(operator: Command, context: Context): void {
  operator
    .command('reset-password')
    .description('print a link by which somebody chooses a new password; it works once, for an hour, and ends every session of that person')
    .argument('<email>', 'the address of the account')
    .action(async (email: string) => {
      const { path, minutes } = await withDatabase(context, () => openPasswordReset(email))
      const running = await readRuntime(context.dataDir)
      const link = `${context.env.NEXTAUTH_URL === undefined && running !== null ? running.appUrl : publicAddress(context.env)}${path}`
      await context.answer({ json: { link, minutes }, text: `${link}\nIt works once, within ${minutes} minutes.` })
    })
}

interface OrganizationOptions {
  name: string
  owner: string
  password: string
  plan: Plan
  quota?: number
}

export function addOrganizationCommands(program: Command, context: Context): void {
  const organization = program.command('org').description('organisations, which are the tenants')
  organization
    .command('create')
    .description('make an organisation and its owner; an owner who has an account must come with its password')
    .requiredOption('--name <name>', "the organisation's name")
    .requiredOption('--owner <address>', "the owner's e-mail")
    .requiredOption('--password <password>', "the owner's, at least 8 characters")
    .option('--plan <plan>', 'free, pro or enterprise', parsePlan, 'free')
    .option('--quota <tokens>', "prompt and completion tokens a month, over chat, API and translation, in place of the plan's", parseQuota)
    .action(async (options: OrganizationOptions) => {
      const { name, owner: email, password, plan, quota } = options
      const created = await withDatabase(context, () => createOrganizationWithOwner({ name, email, password, plan, tokenQuota: quota ?? null }))
      const limit = quota ?? PLANS[plan].monthlyTokens
      const text = [`Organisation  ${created.orgId}  ${name}`, `Owner         ${created.userId}  ${email}`, `Plan          ${plan}, ${limit === null ? 'unlimited' : limit.toLocaleString('en')} tokens a month`]
      await context.answer({ json: created, text: text.join('\n') })
    })
}
