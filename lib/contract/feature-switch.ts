import { z } from 'zod'

/** What the operator can switch off for everybody. */
export const FEATURE_SWITCHES = ['sign_up', 'chat', 'translate', 'write', 'documents', 'public_api'] as const

export const featureSwitchSchema = z.enum(FEATURE_SWITCHES)

export type FeatureSwitch = z.infer<typeof featureSwitchSchema>
