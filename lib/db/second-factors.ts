import { withOperator, withUser, type Transaction } from './tenant'

export interface TotpRow {
  /** Sealed. */
  secret: string
  /** null: no code of it came yet, so it is not asked for. */
  confirmedAt: Date | null
}

/** The person's second factor; null where there is none, not even one that is being set up. */
export async function findTotp(userId: string): Promise<TotpRow | null> {
  return withUser(userId, (tx) => tx.totpSecret.findUnique({ where: { userId }, select: { secret: true, confirmedAt: true } }))
}

/** Keeps a secret that is being set up, in the place of an earlier such one. False where the person has a second factor. */
export async function startTotp(userId: string, secret: string): Promise<boolean> {
  return withUser(userId, async (tx) => {
    await tx.totpSecret.deleteMany({ where: { userId, confirmedAt: null } })
    const { count } = await tx.totpSecret.createMany({ data: { userId, secret }, skipDuplicates: true })
    return count === 1
  })
}

/** Makes the secret the second factor, with its recovery codes. False where it is one already, or another is being set up. */
export async function confirmTotp(userId: string, secret: string, step: bigint, recoveryHashes: readonly string[]): Promise<boolean> {
  return withUser(userId, async (tx) => {
    const { count } = await tx.totpSecret.updateMany({
      where: { userId, secret, confirmedAt: null },
      data: { confirmedAt: new Date(), lastStep: step },
    })
    if (count === 1) await writeRecoveryCodes(tx, userId, recoveryHashes)
    return count === 1
  })
}

/** Uses a 30-second step up, and all before it. False where it was used, also by a request at the same moment. */
export async function takeTotpStep(userId: string, step: bigint): Promise<boolean> {
  const { count } = await withUser(userId, (tx) =>
    tx.totpSecret.updateMany({ where: { userId, confirmedAt: { not: null }, lastStep: { lt: step } }, data: { lastStep: step } }),
  )
  return count === 1
}

/** Uses a recovery code up. False where there is no such code left. */
export async function takeRecoveryCode(userId: string, hash: string): Promise<boolean> {
  const { count } = await withUser(userId, (tx) => tx.recoveryCode.updateMany({ where: { userId, hash, usedAt: null }, data: { usedAt: new Date() } }))
  return count === 1
}

/** How many recovery codes are left. */
export async function countRecoveryCodes(userId: string): Promise<number> {
  return withUser(userId, (tx) => tx.recoveryCode.count({ where: { userId, usedAt: null } }))
}

/** New recovery codes; the old ones, used or not, are gone. */
export async function replaceRecoveryCodes(userId: string, hashes: readonly string[]): Promise<void> {
  await withUser(userId, (tx) => writeRecoveryCodes(tx, userId, hashes))
}

/** Ends the second factor, and what its codes have opened in the person's sessions. False where there was none. */
export async function removeTotp(userId: string): Promise<boolean> {
  return withUser(userId, (tx) => remove(tx, userId))
}

/** The same as the operator, for somebody who has lost the device and the recovery codes. */
export async function removeTotpAsOperator(userId: string): Promise<boolean> {
  return withOperator((tx) => remove(tx, userId))
}

async function remove(tx: Transaction, userId: string): Promise<boolean> {
  const { count } = await tx.totpSecret.deleteMany({ where: { userId } })
  await tx.recoveryCode.deleteMany({ where: { userId } })
  await tx.session.updateMany({ where: { userId }, data: { secondFactorAt: null } })
  return count === 1
}

async function writeRecoveryCodes(tx: Transaction, userId: string, hashes: readonly string[]): Promise<void> {
  await tx.recoveryCode.deleteMany({ where: { userId } })
  await tx.recoveryCode.createMany({ data: hashes.map((hash) => ({ userId, hash })) })
}
