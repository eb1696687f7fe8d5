import { expect, it } from 'vitest'

import { signInError } from './sign-in-errors'

it.each([
  ['account_locked:840', 'locked for another 14 minutes.'],
  ['account_locked:20', 'locked for another 1 minute.'],
  ['rate_limit_exceeded:61', 'Try again in 2 minutes.'],
  ['CredentialsSignin', 'The e-mail address or the password is not right.'],
  ['sso_required:0c7ad0a5', 'through its own single sign-on alone.'],
  ['constructor', 'Signing in failed on the server. Try again.'],
])('%s is told as a sentence', (code, sentence) => {
  expect(signInError(code)).toContain(sentence)
})
