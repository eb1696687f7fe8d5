import { AppError } from '@/lib/contract/errors'
import { featureSwitchSchema } from '@/lib/contract/feature-switch'
import { setFeatureSwitch } from '@/lib/db/feature-switches'
import { recordByOperator, type Operator } from './operator'

/** Turns a feature on or off for everybody. AppError not_found where there is no such switch. */
export async function changeFeatureSwitch(operator: Operator & { userId: string }, name: string, enabled: boolean): Promise<void> {
  const known = featureSwitchSchema.safeParse(name)
  if (!known.success) throw new AppError('not_found', 'There is no such switch.')
  await setFeatureSwitch(known.data, enabled, operator.userId)
  await recordByOperator(operator, null, 'switch.changed', known.data, { enabled })
}
