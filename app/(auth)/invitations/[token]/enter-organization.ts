import { signIn } from 'next-auth/react'

import { switchOrganization } from '@/app/(product)/_shell/switch-organization'
import type { Role } from '@/lib/domain/permissions'

/**
 * Signs a new member in and goes on in the organisation, by a whole new page. Where more than the
 * password is asked for, or the organisation has a sign-on of its own, the sign-in page goes on.
 */
export async function enterOrganization(person: { email: string; password: string }, organization: { orgId: string; role: Role }): Promise<void> {
  const answer = await signIn('credentials', { ...person, redirect: false })
  if (answer?.ok !== true || answer.error) {
    window.location.assign('/sign-in')
    return
  }
  await switchOrganization(organization.orgId, organization.role).catch(() => window.location.assign('/chat'))
}
