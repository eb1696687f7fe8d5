import { z } from 'zod'

/**
 * How a generation samples, as its row keeps it. The seed is drawn when it starts, so that a process that takes it
 * over goes on with the draws that the first one would have made.
 */
export const generationParams = z.object({
  maxTokens: z.number().int().positive().nullable(),
  temperature: z.number(),
  topP: z.number(),
  seed: z.number().int(),
  stop: z.array(z.string()),
  stopTokenIds: z.array(z.number().int()),
  /** Whether spaces before an answer's first word are left out. */
  trimStart: z.boolean(),
  /** Put before the first word. */
  lead: z.string(),
})

export type GenerationParams = z.infer<typeof generationParams>
