import { request } from '@/app/_browser/call-api'
import { can, type Role } from '@/lib/domain/permissions'

/** Goes on in another of the person's organisations, by a whole new page, so that nothing of this one stays in memory. */
export async function switchOrganization(orgId: string, role: Role): Promise<void> {
  await request(`/api/organizations/${orgId}/session`, { method: 'POST' })
  window.location.assign(can(role, 'use') ? '/chat' : '/usage')
}
