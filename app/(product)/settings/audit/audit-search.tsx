import Link from 'next/link'

import { Button, buttonClasses } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import type { AuditQuery } from '@/lib/contract/organizations'

/** A plain form: the search stands in the page's address and works without scripts. */
export function AuditSearch({ query }: { query: AuditQuery }) {
  const { text = '', action = '', actor = '', from = '', to = '' } = query
  const narrowed = [text, action, actor, from, to].some((value) => value !== '')
  return (
    // Another search is another form, so that its fields begin anew.
    <form key={JSON.stringify(query)} action="/settings/audit" role="search" className="mb-6 grid grid-cols-2 items-end gap-x-3 gap-y-4 md:grid-cols-[1.4fr_1fr_1.2fr_auto_auto_auto]">
      <Field label="Text" name="text" type="search" defaultValue={text} placeholder="Anything in a row" className="max-md:col-span-2" />
      <Field label="Action" name="action" defaultValue={action} placeholder="member" />
      <Field label="Person" name="actor" defaultValue={actor} placeholder="ada@example.com" />
      <Field label="From (UTC)" name="from" type="date" defaultValue={from} />
      <Field label="To (UTC)" name="to" type="date" defaultValue={to} />
      <div className="flex gap-2 max-md:col-span-2">
        <Button type="submit">Search</Button>
        {narrowed && (
          <Link href="/settings/audit" className={buttonClasses('ghost')}>
            Clear
          </Link>
        )}
      </div>
    </form>
  )
}
