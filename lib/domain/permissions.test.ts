import { describe, expect, it } from 'vitest'
import { can, DEFAULT_SCOPES, mayManage, reaches, ROLES } from './permissions'

describe('permissions', () => {
  it('lets only owners and admins manage keys and members', () => {
    for (const action of ['keys:write', 'members:write'] as const) {
      expect(ROLES.filter((role) => can(role, action))).toEqual(['owner', 'admin'])
    }
  })

  it('keeps the organisation itself to its owner', () => {
    for (const action of ['organization:write', 'organization:erase', 'members:transfer'] as const) {
      expect(ROLES.filter((role) => can(role, action)), action).toEqual(['owner'])
    }
  })

  it('lets owners and billing pay, and shows admins what is paid', () => {
    expect(ROLES.filter((role) => can(role, 'billing:write'))).toEqual(['owner', 'billing'])
    expect(ROLES.filter((role) => can(role, 'billing:read'))).toEqual(['owner', 'admin', 'billing'])
  })

  it('lets nobody manage a role above the own, and members and billing nobody at all', () => {
    expect(ROLES.map((own) => ROLES.filter((other) => mayManage(own, other)))).toEqual([[...ROLES], ['admin', 'member', 'billing'], [], []])
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
