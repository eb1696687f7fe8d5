import { z } from 'zod'

const csrfAnswer = z.object({ csrfToken: z.string() })
const urlAnswer = z.object({ url: z.string() })

/**
 * Leaves for a provider's page, from which the person comes back signed in. Rejects where the server
 * does not answer. next-auth's own function knows the providers of every visitor alone, not an organisation's.
 */
export async function leaveForProvider(provider: string, callbackUrl: string): Promise<void> {
  const { csrfToken } = csrfAnswer.parse(await (await fetch('/api/auth/csrf')).json())
  const response = await fetch(`/api/auth/signin/${encodeURIComponent(provider)}`, {
    method: 'POST',
    body: new URLSearchParams({ csrfToken, callbackUrl, json: 'true' }),
  })
  window.location.assign(urlAnswer.parse(await response.json()).url)
}
