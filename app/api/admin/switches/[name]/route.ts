import { switchBody } from '@/lib/contract/admin'
import { operatorRoute } from '@/lib/http/operator-route'
import { changeFeatureSwitch } from '@/lib/services/change-feature-switch'

/** Turns a feature on or off for everybody. */
export const PUT = operatorRoute(async ({ operator, params, json, reply }) => {
  const { enabled } = await json(switchBody)
  await changeFeatureSwitch(operator, params['name'] ?? '', enabled)
  return reply({ enabled })
})
