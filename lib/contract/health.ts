import { z } from 'zod'

/** `GET /api/health`: 200 where everything is well, else 503 with the failing part named. */
export const healthResponse = z.object({
  status: z.enum(['ok', 'failed']),
  /** The parts that fail, by name: `database`, `worker`. Absent where none does. */
  failing: z.array(z.enum(['database', 'worker'])).optional(),
  database: z.enum(['ok', 'unreachable']),
  worker: z.object({
    status: z.enum(['ok', 'starting', 'failed', 'unreachable']),
    backend: z.enum(['tensorflow', 'wasm']).optional(),
    /** The native library's version; null on wasm. */
    tensorflow: z.string().nullable().optional(),
    /** The default model. */
    model: z.string().optional(),
    gpu: z.boolean().optional(),
    /** Why it does not run on TensorFlow, where it does not. */
    fallback_reason: z.string().optional(),
    error: z.string().optional(),
  }),
})

export type HealthResponse = z.infer<typeof healthResponse>
