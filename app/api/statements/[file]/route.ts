import { statementFile } from '@/lib/contract/billing'
import { AppError } from '@/lib/contract/errors'
import { serverContext } from '@/lib/http/server-context'
import { sessionRoute } from '@/lib/http/session-route'
import { monthlyStatement } from '@/lib/services/monthly-statement'
import { requirePermission } from '@/lib/services/require-permission'
import { statementCsv } from '@/lib/services/statement-csv'
import { statementPdf } from '@/lib/services/statement-pdf'

/** A month's statement as 2026-11.pdf or 2026-11.csv. */
export const GET = sessionRoute(async ({ session, params }) => {
  requirePermission(session.role, 'billing:read')
  const file = statementFile.safeParse(params['file'])
  if (!file.success) throw new AppError('not_found', 'There is no such statement. It is named as in 2026-11.pdf or 2026-11.csv.')
  const [month = '', format] = file.data.split('.')
  const statement = await monthlyStatement(session.orgId, month, serverContext().env.BILLING_CURRENCY)
  const pdf = format === 'pdf'
  return new Response(pdf ? await statementPdf(statement) : statementCsv(statement), {
    headers: {
      'content-type': pdf ? 'application/pdf' : 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="statement-${file.data}"`,
      'cache-control': 'no-store',
    },
  })
})
