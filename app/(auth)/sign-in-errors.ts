/** What the codes mean that sign-in fails with; the first is next-auth's own for an unknown address and a wrong password alike. */
const REASONS = new Map([
  ['CredentialsSignin', 'The e-mail address or the password is not right.'],
  ['insufficient_permissions', 'This account belongs to no organisation.'],
  ['no_organization', 'This account belongs to no organisation.'],
  ['sso_required', 'Your organisation signs in through its own single sign-on alone.'],
  ['email_not_verified', 'The provider has not verified your e-mail address, so it cannot be used here. Verify it there, or create an account with a password.'],
  ['sign_in_to_link', 'There is an account here that this sign-in is not linked to. Sign in as you did before, then link it under Settings, Security.'],
  ['linked_elsewhere', 'This account is linked to somebody else here.'],
  ['sign_up_closed', 'New accounts cannot be made at the moment. Ask whoever runs this installation for an invitation.'],
  ['not_a_member', 'You are not a member of this organisation. Ask one of its admins for an invitation.'],
  ['provider_unavailable', 'The provider could not be reached. Try again, or tell your admin if it goes on.'],
  ['OAuthSignin', 'The provider could not be reached. Try again, or tell your admin if it goes on.'],
  ['OAuthCallback', 'The sign-in at the provider did not come to an end here. Begin again.'],
  ['Callback', 'The sign-in at the provider did not come to an end here. Begin again.'],
  ['AccessDenied', 'The sign-in was refused.'],
])

const FALLBACK = 'Signing in failed on the server. Try again.'

/** The sentence to show for a code, which may have more behind a colon: `account_locked:840` the seconds that are left. */
export function signInError(code: string): string {
  const [name = '', detail = ''] = code.split(':')
  if (name === 'account_locked') return `Too many failed attempts. Sign-in with this address is locked for another ${timeLeft(detail)}.`
  if (name === 'rate_limit_exceeded') return `There were too many attempts from your network. Try again in ${timeLeft(detail)}.`
  return REASONS.get(name) ?? FALLBACK
}

function timeLeft(seconds: string): string {
  const minutes = Math.max(1, Math.ceil((Number(seconds) || 0) / 60))
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}
