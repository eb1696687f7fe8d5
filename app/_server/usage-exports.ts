import { pruneStripeEvents } from '@/lib/db/stripe-events'
import { setSinks } from '@/lib/db/usage-exports'
import { serverContext } from '@/lib/http/server-context'
import { exportUsage } from '@/lib/services/export-usage'
import { lagoSink, openMeterSink } from '@/lib/services/http-sinks'
import { stripeAccount } from '@/lib/services/stripe-client'
import { stripeSink } from '@/lib/services/stripe-sink'

const TURN_MS = 15_000

/** Stripe repeats a notice for three days. */
const KEEP_NOTICES_MS = 30 * 24 * 60 * 60 * 1000

/**
 * Passes usage on to the services that the environment names, by turns of its own: a slow service
 * keeps no other upkeep waiting. Any number of processes may do it at once.
 */
export function startUsageExports(): void {
  const { env, logger } = serverContext()
  const account = stripeAccount(env)
  const sinks = [account && stripeSink(account), openMeterSink(env), lagoSink(env)].filter((sink) => sink !== null)
  let known = false
  const turn = async (): Promise<void> => {
    if (!known) await setSinks(sinks.map(({ name }) => name))
    known = true
    if (account !== null) await pruneStripeEvents(new Date(Date.now() - KEEP_NOTICES_MS))
    const { failed, refused } = await exportUsage(sinks)
    if (failed > 0) logger.warn({ failed }, 'usage was not taken by a billing service; it is sent again')
    if (refused > 0) logger.error({ refused }, 'usage was given up: npm run -s parley -- billing exports')
  }
  const again = async (): Promise<void> => {
    await turn().catch((error: unknown) => logger.warn({ err: error }, 'passing usage on failed; it is tried again'))
    if (!known || sinks.length > 0) setTimeout(() => void again(), TURN_MS).unref()
  }
  void again()
}
