import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError } from 'commander'
import { parseEnv } from '@/lib/contract/env'
import type { Env } from '@/lib/contract/env'
import { AppError } from '@/lib/contract/errors'
import { addOperatorCommands, addOrganizationCommands } from './parley/accounts'
import { addBillingCommands } from './parley/billing'
import type { Context } from './parley/context'
import { addDoctorCommand } from './parley/doctor'
import { failureOf } from './parley/failure'
import { addKeyCommands } from './parley/keys'
import { addLedgerCommands } from './parley/ledger'
import { addModelCommands } from './parley/models'
import { addPrivacyCommands } from './parley/privacy'
import { addTenantCommands } from './parley/tenants'
import { addSignInCommands } from './parley/sign-in'
import { addUsageCommands } from './parley/usage'
import { messageOf } from './setup-error'
import { StepPrinter } from './step-printer'

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

function environment(): Env {
  try {
    return parseEnv(process.env)
  } catch (error) {
    throw new AppError('invalid_request', messageOf(error), { cause: error })
  }
}

function contextOf(json: boolean): Context {
  const env = environment()
  return {
    env,
    json,
    dataDir: path.resolve(ROOT, env.PARLEY_DATA),
    bundledDir: path.join(ROOT, 'models'),
    // npm runs its scripts in the project's folder and notes the person's own.
    workingDir: process.env['INIT_CWD'] ?? process.cwd(),
    steps: new StepPrinter(process.stderr),
    write,
    answer: async ({ json: object, text, failed }) => {
      await write(`${json ? JSON.stringify(object) : text}\n`)
      if (failed === true) process.exitCode = 1
    },
  }
}

function programFor(context: Context): Command {
  const program = new Command('parley')
    .description("the operator's command line of Parley")
    .option('--json', 'print one JSON object on standard output, also for an error')
    .configureHelp({ showGlobalOptions: true })
    // Told below, together with every other error.
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
  addOperatorCommands(program, context)
  addOrganizationCommands(program, context)
  addTenantCommands(program, context)
  addPrivacyCommands(program, context)
  addKeyCommands(program, context)
  addModelCommands(program, context)
  addUsageCommands(program, context)
  addBillingCommands(program, context)
  addLedgerCommands(program, context)
  addSignInCommands(program, context)
  addDoctorCommand(program, context)
  return program
}

/** Without --json, the error stands on stderr; with it, as the one object on stdout. */
async function tell(error: unknown, json: boolean): Promise<void> {
  const failure = failureOf(error)
  process.exitCode = 1
  if (json) await write(`${JSON.stringify({ error: failure })}\n`)
  else process.stderr.write(`${failure.message}\n`)
}

// A reader that has seen enough (`| head`) ends the command.
process.stdout.on('error', () => process.exit(1))
const json = process.argv.includes('--json')
try {
  await programFor(contextOf(json)).parseAsync()
} catch (error) {
  const shownHelp = error instanceof CommanderError && error.exitCode === 0
  if (!shownHelp) await tell(error, json)
}
