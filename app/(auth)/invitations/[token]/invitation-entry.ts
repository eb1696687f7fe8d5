import type { InvitationByLink } from '@/lib/db/invitations'

/** An open invitation, as the ways to accept it need it. */
export type InvitationEntry = Pick<InvitationByLink, 'orgId' | 'orgName' | 'email' | 'role'> & { token: string }
