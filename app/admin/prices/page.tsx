import type { Metadata } from 'next'

import { PageBody, Section } from '@/app/(product)/_shell/page-body'
import { operatorSession } from '@/app/_server/operator-session'
import { textModels } from '@/app/_server/text-models'
import { FEATURES } from '@/lib/contract/feature'
import { listPriceVersions } from '@/lib/db/price-list'
import { userEmails } from '@/lib/db/tenants'
import { EVERY_MODEL } from '@/lib/domain/pricing'

import { priceTable } from './price-table'
import { PriceForm } from './price-form'
import { PriceHistory } from './price-history'
import { CurrentPrices } from './current-prices'

export const metadata: Metadata = { title: 'Price list' }

export default async function PricesPage() {
  await operatorSession()
  // A model that cannot be used is no reason to have no price list.
  const [versions, models] = await Promise.all([listPriceVersions(), textModels().catch(() => [])])
  const emails = await userEmails(versions.flatMap(({ createdBy }) => (createdBy === null ? [] : [createdBy])))
  const named = new Set([...models.map(({ name }) => name), ...versions.map(({ model }) => model)])
  named.delete(EVERY_MODEL)
  const history = versions
    .map((version) => ({ ...version, by: version.createdBy === null ? 'Parley itself' : (emails.get(version.createdBy) ?? 'somebody who is gone') }))
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || b.validFrom.getTime() - a.validFrom.getTime())
  return (
    <PageBody
      title="Price list"
      width="wide"
      description="Prices are for a million tokens or characters. What was used is billed at the price that was valid when it began; a new price never reaches back."
    >
      <Section title="Valid now" description="A price that begins later stands below its present one.">
        <CurrentPrices rows={priceTable(versions, new Date())} />
      </Section>
      <Section title="New price" description="A version that holds from a moment on. The ones before it stay as they are.">
        <PriceForm features={FEATURES} models={[...named].sort()} />
      </Section>
      <Section title="History" description="Every version, the latest set first.">
        <PriceHistory versions={history.filter(({ createdBy, validFrom }) => createdBy !== null || validFrom > new Date('2001-01-01'))} />
      </Section>
    </PageBody>
  )
}
