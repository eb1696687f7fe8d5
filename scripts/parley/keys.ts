import type { Command } from 'commander'
import { parseApiKey } from '@/lib/auth/api-key-format'
import { KEY_OVERLAP_HOURS } from '@/lib/contract/browser'
import { AppError } from '@/lib/contract/errors'
import { findApiKey } from '@/lib/db/api-keys'
import { recordAudit } from '@/lib/db/audit'
import { findOrganization } from '@/lib/db/organizations'
import { DEFAULT_SCOPES, SCOPES } from '@/lib/domain/permissions'
import type { Scope } from '@/lib/domain/permissions'
import { createApiKey, revokeApiKey, rotateApiKey } from '@/lib/services/manage-api-keys'
import type { KeyManager, MadeKey } from '@/lib/services/manage-api-keys'
import { parseExpiry, parseHours, parseQuota, parseRequestRate, parseScopes } from './arguments'
import type { Context } from './context'
import { withDatabase } from './database'

/** Throws AppError not_found where there is no such organisation. */
export async function assertOrganization(orgId: string): Promise<void> {
  if ((await findOrganization(orgId)) === null) throw new AppError('not_found', `There is no organisation ${orgId}.`, { param: 'org' })
}

function commandLine(orgId: string): KeyManager {
  return {
    orgId,
    userId: null,
    record: (action, target, details) => recordAudit({ orgId, actorId: null, action, target, details: { ...details, by: 'command line' } }),
  }
}

/** The id of a key of the organisation, named by its id or by the key itself. Throws AppError not_found. */
async function keyId(orgId: string, named: string): Promise<string> {
  await assertOrganization(orgId)
  const parsed = parseApiKey(named)
  const key = await findApiKey(orgId, parsed === null ? { id: named } : { hash: parsed.hash })
  if (key === null) throw new AppError('not_found', `The organisation has no key ${shownKey(named)}.`, { param: 'key' })
  return key.id
}

function shownKey(named: string): string {
  return parseApiKey(named)?.prefix ?? named
}

function termsOf({ scopes, expiresAt, requestsPerMinute, tokenQuota }: MadeKey): string {
  const terms = [
    scopes.join(', '),
    expiresAt === null ? 'does not expire' : `expires ${expiresAt.toISOString()}`,
    ...(requestsPerMinute === null ? [] : [`${requestsPerMinute} requests a minute`]),
    ...(tokenQuota === null ? [] : [`${tokenQuota} tokens a month`]),
  ]
  return terms.join('; ')
}

interface CreateOptions {
  org: string
  name: string
  scopes?: Scope[]
  expires?: Date
  quota?: number
  rpm?: number
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
    .option('--quota <tokens>', 'prompt and completion tokens a month; only the organisation\'s own quota unless told', parseQuota)
    .option('--rpm <requests>', "requests a minute; the plan's unless told", parseRequestRate)
    .action(async (options: CreateOptions) => {
      const name = options.name.trim()
      if (name === '' || name.length > 120) throw new AppError('invalid_request', 'A key has a name of 1 to 120 characters.', { param: 'name' })
      const made = await withDatabase(context, async () => {
        await assertOrganization(options.org)
        const { scopes = DEFAULT_SCOPES, expires: expiresAt, quota: tokenQuota, rpm: requestsPerMinute } = options
        return createApiKey(commandLine(options.org), { name, scopes, expiresAt, tokenQuota, requestsPerMinute })
      })
      await context.answer({ json: { id: made.id, key: made.key }, text: `Key  ${made.key}\nId   ${made.id}  (${termsOf(made)})\nKeep the key now: it cannot be shown again.` })
    })
  key
    .command('rotate')
    .description('make a new API key in the place of another, which goes on for a while')
    .requiredOption('--org <id>', 'the organisation that it belongs to')
    .requiredOption('--key <id|key>', 'the key itself, or its id')
    .option('--overlap <hours>', 'hours for which both hold; 0 ends the old one at once', parseHours, KEY_OVERLAP_HOURS.usual)
    .action(async (options: { org: string; key: string; overlap: number }) => {
      const made = await withDatabase(context, async () => rotateApiKey(commandLine(options.org), await keyId(options.org, options.key), options.overlap))
      const ends = made.previousEndsAt.toISOString()
      await context.answer({
        json: { id: made.id, key: made.key, previousEndsAt: ends },
        text: `Key  ${made.key}\nId   ${made.id}  (${termsOf(made)})\nKeep the key now: it cannot be shown again. The old one ends ${ends}.`,
      })
    })
  key
    .command('revoke')
    .description('end an API key at once, and the requests under way with it')
    .requiredOption('--org <id>', 'the organisation that it belongs to')
    .requiredOption('--key <id|key>', "the key itself, or its id, which `key create` and the app's page show")
    .action(async (options: { org: string; key: string }) => {
      await withDatabase(context, async () => revokeApiKey(commandLine(options.org), await keyId(options.org, options.key)))
      const shown = shownKey(options.key)
      await context.answer({ json: { key: shown, revoked: true }, text: `${shown} is revoked.` })
    })
}
