import type { Command } from 'commander'
import { COMMAND_LINE } from '@/lib/services/operator'
import { confirmDomain, resetSecondFactor } from '@/lib/services/operator-sign-in'
import type { Context } from './context'
import { withDatabase } from './database'

export function addSignInCommands(program: Command, context: Context): void {
  const signIn = program.command('sign-in').description('how people sign in')
  signIn
    .command('reset-second-factor')
    .description('take the second step off somebody who has lost the device and the recovery codes')
    .argument('<email>', 'the address of the account')
    .action(async (email: string) => {
      await withDatabase(context, () => resetSecondFactor(COMMAND_LINE, email))
      await context.answer({ json: { email, secondFactor: false }, text: `${email} signs in without a second step.` })
    })
  signIn
    .command('confirm-domain')
    .description("let an organisation's single sign-on vouch for an e-mail domain, without a record in its name service")
    .requiredOption('--org <id>', 'the organisation')
    .requiredOption('--domain <domain>', 'such as example.com; make sure that it is theirs')
    .action(async ({ org: orgId, domain: entered }: { org: string; domain: string }) => {
      const { domain } = await withDatabase(context, () => confirmDomain(COMMAND_LINE, orgId, entered))
      await context.answer({ json: { orgId, domain, confirmed: true }, text: `${domain} belongs to ${orgId}.` })
    })
}
