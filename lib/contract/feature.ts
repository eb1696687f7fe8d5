import { z } from 'zod'

/** What a usage event was for. */
export const FEATURES = ['chat', 'write', 'completion', 'translate'] as const

export const featureSchema = z.enum(FEATURES)

export type Feature = z.infer<typeof featureSchema>
