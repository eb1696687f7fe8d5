import { describe, expect, it } from 'vitest'
import { can, DEFAULT_SCOPES, reaches, ROLES } from './permissions'

describe('permissions', () => {
  it('lets only owners and admins manage keys and members', () => {
    for (const action of ['keys:write', 'members:write'] as const) {
      expect(ROLES.filter((role) => can(role, action))).toEqual(['owner', 'admin'])
    }
  })

  it('keeps the organisation itself to its owner', () => {
    expect(ROLES.filter((role) => can(role, 'organization:write'))).toEqual(['owner'])
  })

  it('shows billing the usage and lets it use nothing', () => {
    expect(can('billing', 'usage:read')).toBe(true)
    expect(can('billing', 'use')).toBe(false)
  })

  it('lets a key reach what its scopes name and nothing else', () => {
    expect(reaches(['translate'], 'translate')).toBe(true)
    expect(reaches(['translate'], 'chat')).toBe(false)
    expect(reaches([], 'usage')).toBe(false)
    expect(reaches(DEFAULT_SCOPES, 'fine-tune')).toBe(true)
  })
})
