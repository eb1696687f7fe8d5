'use client'

import Download from 'lucide-react/icons/download'

import { Button } from '@/app/_components/button'
import { Menu, MenuItem, MenuSeparator } from '@/app/_components/menu'

interface DownloadMenuProps {
  /** Moments as ISO texts, the second exclusive. */
  from: string
  to: string
  /** As in 2026-11: the month whose statement can be had; null for none. */
  statement: string | null
}

/** The events of the days shown, and the month's statement. */
export function DownloadMenu({ from, to, statement }: DownloadMenuProps) {
  const events = (format: string): string => `/api/usage/export?${new URLSearchParams({ from, to, format }).toString()}`
  return (
    <Menu
      align="end"
      trigger={
        <Button look="secondary">
          <Download aria-hidden className="size-4" />
          Download
        </Button>
      }
    >
      <File href={events('csv')}>Requests (CSV)</File>
      <File href={events('jsonl')}>Requests (JSON lines)</File>
      {statement !== null && (
        <>
          <MenuSeparator />
          <File href={`/api/statements/${statement}.pdf`}>Statement (PDF)</File>
          <File href={`/api/statements/${statement}.csv`}>Statement (CSV)</File>
        </>
      )}
    </Menu>
  )
}

function File({ href, children }: { href: string; children: string }) {
  return (
    <MenuItem asChild>
      <a href={href} download>
        {children}
      </a>
    </MenuItem>
  )
}
