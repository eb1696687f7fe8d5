import { AppError } from '@/lib/contract/errors'
import { can, type Action, type Role } from '@/lib/domain/permissions'

/** AppError insufficient_permissions where the role does not reach the action. */
export function requirePermission(role: Role, action: Action): void {
  if (can(role, action)) return
  throw new AppError('insufficient_permissions', 'Your role in this organisation does not allow this. Ask an owner or an admin.')
}
