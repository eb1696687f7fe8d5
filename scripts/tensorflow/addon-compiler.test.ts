import { expect, test } from 'vitest'
import { neededHeader } from './addon-compiler'

test('of the headers in the wheel only those that the binding includes are taken', () => {
  expect(neededHeader('tensorflow/include/tensorflow/c/c_api.h')).toBe('tensorflow/c/c_api.h')
  expect(neededHeader('tensorflow/include/tensorflow/c/eager/c_api.h')).toBe('tensorflow/c/eager/c_api.h')
  expect(neededHeader('tensorflow/include/xla/tsl/c/tsl_status.h')).toBe('xla/tsl/c/tsl_status.h')
  expect(neededHeader('tensorflow/include/tsl/platform/ctstring_internal.h')).toBe('tsl/platform/ctstring_internal.h')
  expect(neededHeader('tensorflow/include/tensorflow/core/framework/tensor.h')).toBeNull()
  expect(neededHeader('tensorflow/python/client/session.py')).toBeNull()
})
