import { FEATURE_SWITCHES, type FeatureSwitch } from '@/lib/contract/feature-switch'
import { appClient } from './client'
import { withOperator } from './tenant'

export interface FeatureSwitchState {
  name: FeatureSwitch
  enabled: boolean
  /** The operator's id; null where it was never touched. */
  changedBy: string | null
  changedAt: Date | null
}

/** How long a process goes by what it read: a switch works everywhere within a second, and costs no request a round trip of its own. */
const FRESH_MS = 500

interface Reading {
  off: Promise<ReadonlySet<string>>
  until: number
}

declare global {
  /** Next bundles a module more than once; what a process has read is shared. */
  var parleyFeatureSwitches: Reading | undefined
}

/** Whether the feature is on. Every switch is on until an operator turns it off. */
export async function featureEnabled(name: FeatureSwitch): Promise<boolean> {
  const now = Date.now()
  let reading = globalThis.parleyFeatureSwitches
  if (reading === undefined || now >= reading.until) {
    reading = globalThis.parleyFeatureSwitches = { off: readOff(), until: now + FRESH_MS }
    // A failure is told to whoever asked, and the next one asks anew.
    reading.off.catch(() => (globalThis.parleyFeatureSwitches = undefined))
  }
  return !(await reading.off).has(name)
}

async function readOff(): Promise<ReadonlySet<string>> {
  const rows = await appClient().$queryRaw<{ name: string }[]>`SELECT name FROM feature_switches WHERE NOT enabled`
  return new Set(rows.map(({ name }) => name))
}

/** Every switch there is, in a fixed order; as the operator. */
export async function listFeatureSwitches(): Promise<FeatureSwitchState[]> {
  const rows = await withOperator((tx) => tx.featureSwitch.findMany())
  return FEATURE_SWITCHES.map((name) => {
    const row = rows.find((candidate) => candidate.name === name)
    return { name, enabled: row?.enabled ?? true, changedBy: row?.changedBy ?? null, changedAt: row?.changedAt ?? null }
  })
}

/** As the operator. This process goes by it at once, every other one within a second. */
export async function setFeatureSwitch(name: FeatureSwitch, enabled: boolean, operatorId: string): Promise<void> {
  const state = { enabled, changedBy: operatorId, changedAt: new Date() }
  await withOperator((tx) => tx.featureSwitch.upsert({ where: { name }, create: { name, ...state }, update: state }))
  globalThis.parleyFeatureSwitches = undefined
}
