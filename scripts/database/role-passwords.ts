import { createHmac } from 'node:crypto'
import type { RolePasswords } from '@/lib/db/migrate'

/**
 * Passwords of the app's and the operator's role, derived from a secret of the database's owner, so that
 * every program that knows the owner arrives at the same ones and none needs to be stored.
 */
export function rolePasswords(secret: string): RolePasswords {
  const derive = (role: string) => createHmac('sha256', secret).update(role).digest('base64url')
  return { app: derive('parley_app'), operator: derive('parley_operator') }
}
