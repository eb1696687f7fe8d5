import { Notice } from '@/app/_components/notice'
import type { PricePreview } from '@/lib/contract/admin'

import { count, money } from '../_parts/formats'

const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })

/** What a price would have made of last month. */
export function PreviewNotice({ preview }: { preview: PricePreview }) {
  const month = MONTH.format(new Date(preview.month))
  const difference = BigInt(preview.after) - BigInt(preview.before)
  return (
    <Notice tone="note">
      {preview.amount === 0 ? (
        <>Nothing of this was used in {month}, so it would have changed nothing.</>
      ) : (
        <>
          In {month} this would have been {money(BigInt(preview.after))} in place of {money(BigInt(preview.before))} for {count(preview.amount)} tokens or characters:{' '}
          {difference === 0n ? 'no difference' : `${money(difference < 0n ? -difference : difference)} ${difference > 0n ? 'more' : 'less'}`}, beside a revenue of{' '}
          {money(BigInt(preview.revenue))}. Tenants are taken to be on the plans that they have now.
        </>
      )}
    </Notice>
  )
}
