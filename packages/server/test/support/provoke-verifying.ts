import type { SendIdentityVerificationBody } from '@naru/contract'
import { maximumAttempts } from '../../src/payments/rules/limits.ts'
import { thrownBy } from './api.ts'
import type { TestNaru } from './naru.ts'
import type { Provoke } from './provoke.ts'

/** A person born on 3 February 2001. */
export const person = {
  id: 'customer-1',
  name: '홍길동',
  phoneNumber: '010-1234-5678',
  identityNumber: '0102033',
  ipAddress: '203.0.113.7',
}

export const requestFor = (
  channelKey: string,
  identityVerificationId: string,
  customer: Partial<typeof person> = {},
  method: SendIdentityVerificationBody['method'] = 'SMS',
) => ({ identityVerificationId, channelKey, customer: { ...person, ...customer }, operator: 'SKT' as const, method })

/** Every error of identity verification, each in the shortest way. */
export const provokeVerifying = async (naru: TestNaru, { throws, answers, script }: Provoke): Promise<void> => {
  const store = await naru.newStore()
  const { api, portone, channelKey } = store
  const { identityVerification: client } = portone
  const send = (id: string, customer: Partial<typeof person> = {}) =>
    client.sendIdentityVerification(requestFor(channelKey, id, customer))
  const resend = (identityVerificationId: string) => client.resendIdentityVerification({ identityVerificationId })
  const confirm = (identityVerificationId: string, otp = '000000') =>
    client.confirmIdentityVerification({ identityVerificationId, otp })
  const open = (id: string, key = channelKey) =>
    api.send('openSandboxIdentityVerification', {
      path: { identityVerificationId: id },
      body: { channelKey: key },
    })
  const approve = (id: string) =>
    api.send('approveSandboxIdentityVerification', { path: { identityVerificationId: id } })

  const notFound = 'IDENTITY_VERIFICATION_NOT_FOUND'
  await throws('getIdentityVerification', notFound, client.getIdentityVerification({ identityVerificationId: 'none' }))
  await throws('resendIdentityVerification', notFound, resend('none'))
  await throws('confirmIdentityVerification', notFound, confirm('none'))
  await answers('approveSandboxIdentityVerification', notFound, approve('none'))
  const nowhere = client.sendIdentityVerification(requestFor('no-such-channel', 'nowhere'))
  await throws('sendIdentityVerification', 'CHANNEL_NOT_FOUND', nowhere)
  await answers('openSandboxIdentityVerification', 'CHANNEL_NOT_FOUND', open('nowhere', 'no-such-channel'))
  await throws('sendIdentityVerification', 'PG_PROVIDER', send('limited', { phoneNumber: '01000000003' }))

  await open('opened')
  await throws('resendIdentityVerification', 'IDENTITY_VERIFICATION_NOT_SENT', resend('opened'))
  await throws('confirmIdentityVerification', 'IDENTITY_VERIFICATION_NOT_SENT', confirm('opened'))

  await send('sent')
  await throws('sendIdentityVerification', 'IDENTITY_VERIFICATION_ALREADY_SENT', send('sent'))
  await answers('openSandboxIdentityVerification', 'IDENTITY_VERIFICATION_ALREADY_SENT', open('sent'))
  await answers('approveSandboxIdentityVerification', 'IDENTITY_VERIFICATION_NOT_SENT', approve('sent'))
  await script(store, 'RESEND_IDENTITY_VERIFICATION', 'maintenance')
  await throws('resendIdentityVerification', 'PG_PROVIDER', resend('sent'))
  await throws('confirmIdentityVerification', 'PG_PROVIDER', confirm('sent', '111111'))
  await confirm('sent')
  const verified = 'IDENTITY_VERIFICATION_ALREADY_VERIFIED'
  await throws('sendIdentityVerification', verified, send('sent'))
  await throws('resendIdentityVerification', verified, resend('sent'))
  await throws('confirmIdentityVerification', verified, confirm('sent'))
  await answers('openSandboxIdentityVerification', verified, open('sent'))

  for (let attempt = 0; attempt < maximumAttempts; attempt++)
    await thrownBy(send('often', { phoneNumber: '01000000003' }))
  await throws('sendIdentityVerification', 'MAX_TRANSACTION_COUNT_REACHED', send('often'))
  await answers('openSandboxIdentityVerification', 'MAX_TRANSACTION_COUNT_REACHED', open('often'))
}
