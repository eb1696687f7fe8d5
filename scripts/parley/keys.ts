import type { Command } from 'commander'
import { newApiKey, parseApiKey } from '@/lib/auth/api-key-format'
import { AppError } from '@/lib/contract/errors'
import { createApiKey, revokeApiKey } from '@/lib/db/api-keys'
import { findOrganization } from '@/lib/db/organizations'
import { DEFAULT_SCOPES, SCOPES } from '@/lib/domain/permissions'
import type { Scope } from '@/lib/domain/permissions'
import { parseExpiry, parseScopes } from './arguments'
import type { Context } from './context'
import { withDatabase } from './database'

/** Throws AppError not_found where there is no such organisation. */
export async function assertOrganization(orgId: string): Promise<void> {
  if ((await findOrganization(orgId)) === null) throw new AppError('not_found', `There is no organisation ${orgId}.`, { param: 'org' })
}

export function addKeyCommands(program: Command, context: Context): void {
  const key = program.command('key').description('API keys')
  key
    .command('create')
    .description('make an API key; it is shown this once and stored as a hash alone')
    .requiredOption('--org <id>', 'the organisation that it bills to')
    .requiredOption('--name <name>', 'to tell it from others')
    .option('--scopes <scopes>', `what it may be used for, of ${SCOPES.join(', ')}; all unless told`, parseScopes)
    .option('--expires <time>', 'when it ends, as in 2027-01-31 or 90d; never unless told', (text) => parseExpiry(text))
    .action(async (options: { org: string; name: string; scopes?: Scope[]; expires?: Date }) => {
      const { key: secret, prefix, hash } = newApiKey()
      const name = options.name.trim()
      if (name === '' || name.length > 120) throw new AppError('invalid_request', 'A key has a name of 1 to 120 characters.', { param: 'name' })
      const row = await withDatabase(context, async () => {
        await assertOrganization(options.org)
        return createApiKey(options.org, { name, scopes: options.scopes ?? DEFAULT_SCOPES, createdBy: null, expiresAt: options.expires ?? null, prefix, hash })
      })
      const until = row.expiresAt === null ? 'does not expire' : `expires ${row.expiresAt.toISOString()}`
      await context.answer({ json: { id: row.id, key: secret }, text: `Key  ${secret}\nId   ${row.id}  (${row.scopes.join(', ')}; ${until})\nKeep the key now: it cannot be shown again.` })
    })
  key
    .command('revoke')
    .description('end an API key at once')
    .requiredOption('--org <id>', 'the organisation that it belongs to')
    .requiredOption('--key <id|key>', "the key itself, or its id, which `key create` and the app's page show")
    .action(async (options: { org: string; key: string }) => {
      const parsed = parseApiKey(options.key)
      const shown = parsed?.prefix ?? options.key
      await withDatabase(context, async () => {
        await assertOrganization(options.org)
        const revoked = await revokeApiKey(options.org, parsed === null ? { id: options.key } : { hash: parsed.hash })
        if (!revoked) throw new AppError('not_found', `The organisation has no key ${shown}.`, { param: 'key' })
      })
      await context.answer({ json: { key: shown, revoked: true }, text: `${shown} is revoked.` })
    })
}
