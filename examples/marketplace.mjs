/**
 * A marketplace with two sellers, from the contract to the money in their accounts: a month of it, in seconds.
 *
 *   npm start                                                       in one terminal
 *   npm run naru -- payout admin create --store <store id>          in another; the store id is in the banner
 *   npm run naru -- payout second-factor off --store <store id>
 *   API_SECRET=… ADMIN_SECRET=… CHANNEL_KEY=… node examples/marketplace.mjs
 *
 * The admin secret is what the second command prints, the others are in the banner. Where the server is not on port 8686, set
 * API_URL as well. To run it again, empty the store first: POST /sandbox/reset.
 *
 * Everything above the line «Rehearsal» is what a marketplace would run in production: orders with PortOne's own SDK,
 * and paying with the admin API, since no API secret can let money go.
 */
import { PortOneClient } from '@portone/server-sdk'

const { API_URL: baseUrl = 'http://localhost:8686', API_SECRET, ADMIN_SECRET, CHANNEL_KEY } = process.env

const { payment: payments, platform } = PortOneClient({ secret: API_SECRET ?? '', baseUrl })

/** 10 % with VAT on it, settled on the first of the month; where banks are closed, on the next day that they are open. */
const contract = {
  id: 'standard',
  name: 'Standard',
  platformFee: { fixedRate: 10_000 },
  platformFeeVatPayer: 'PARTNER',
  subtractPaymentVatAmount: false,
  settlementCycle: { lagDays: 3, datePolicy: 'HOLIDAY_AFTER', method: { monthly: { daysOfMonth: [1] } } },
}

/** A company, which bills VAT, and a freelancer, from whose pay 3.3 % is withheld for the tax office. */
const pottery = {
  id: 'pottery',
  name: 'Pottery',
  contact: { name: 'Kim', email: 'kim@pottery.example' },
  account: { bank: 'SHINHAN', currency: 'KRW', number: '110-123-456789', holder: '홍길동' },
  defaultContractId: contract.id,
  type: {
    business: {
      companyName: 'Pottery Inc.',
      taxationType: 'NORMAL',
      businessRegistrationNumber: '1010000002',
      representativeName: 'Kim',
    },
  },
  tags: [],
}
const painter = {
  id: 'painter',
  name: 'Painter',
  contact: { name: 'Lee', email: 'lee@painter.example' },
  // Its bank is down for the first transfer: docs/sandbox.md.
  account: { bank: 'KOOKMIN', currency: 'KRW', number: '9900-0000-0005', holder: '홍길동' },
  defaultContractId: contract.id,
  type: { whtPayer: {} },
  tags: [],
}

/** Contract, policies and sellers: once, before the first order. */
const open = async () => {
  const { policy, partner } = platform
  await policy.createPlatformContract(contract)
  // Of this coupon the seller bears 40 %, the marketplace the rest.
  await policy.createPlatformDiscountSharePolicy({ id: 'coupon', name: 'Coupon', partnerShareRate: 40_000 })
  await policy.createPlatformAdditionalFeePolicy({
    id: 'photo',
    name: 'Photographs',
    fee: { fixedAmount: 1_000 },
    vatPayer: 'PARTNER',
  })
  await partner.createPlatformPartner(pottery)
  await partner.createPlatformPartner(painter)
}

/** What the customer pays at once, and a transfer for each seller's part of it. */
const sell = async (paymentId, total, parts) => {
  await payments.payInstantly({
    paymentId,
    channelKey: CHANNEL_KEY,
    orderName: paymentId,
    amount: { total },
    currency: 'KRW',
    method: { card: { credential: { number: '4242424242424242', expiryYear: '49', expiryMonth: '12' } } },
  })
  const transfers = []
  for (const { orderAmount, ...part } of parts) {
    const order = { paymentId, orderDetail: { orderAmount }, discounts: [], additionalFees: [], ...part }
    transfers.push((await platform.transfer.createPlatformOrderTransfer(order)).transfer)
  }
  return transfers
}

/** Money goes back to the customer, and the seller's part of it is taken back. */
const refund = async (paymentId, transferId, orderAmount) => {
  const { cancellation } = await payments.cancelPayment({ paymentId, amount: orderAmount, reason: 'returned' })
  const { transfer } = await platform.transfer.createPlatformOrderCancelTransfer({
    transferId,
    cancellationId: cancellation.id,
    orderDetail: { orderAmount },
    discounts: [],
  })
  return transfer
}

const admin = (method, path, body) =>
  call(method, `/admin/platform/${path}`, { authorization: `NaruAdmin ${ADMIN_SECRET}` }, body)

/** Chooses what fell due, makes a payout for each seller, and lets the money go. */
const payOut = async (id, settlementDates) => {
  await admin('POST', 'bulk-payouts', { id, settlementDates })
  await admin('POST', `bulk-payouts/${id}/generate`)
  await admin('POST', `bulk-payouts/${id}/memos`, { depositMemo: 'Marketplace' })
  await admin('POST', `bulk-payouts/${id}/execute`)
}

const retry = (id) => admin('POST', `bulk-payouts/${id}/retry`)

// ————— Rehearsal: a clock, and February 2028 —————

async function call(method, path, headers, body) {
  const answer = await fetch(`${baseUrl}${path}`, { method, headers, body: body && JSON.stringify(body) })
  const content = await answer.json()
  if (!answer.ok) throw new Error(`${path}: ${content.message}`)
  return content
}

const sandbox = (method, path, body) =>
  call(method, `/sandbox/${path}`, { authorization: `PortOne ${API_SECRET}` }, body)

const begin = '2028-02-01T00:00:00Z'
let today
const until = async (day) => {
  today = day
  await sandbox('POST', 'clock/advance', { to: `${day}T03:00:00Z` })
}
const say = (who, what) => process.stdout.write(`${today}  ${who.padEnd(8)}  ${what}\n`)
const won = (amount) => amount.toLocaleString('en')

const sayTransfer = (what, { partner, amount, settlementDate }) => {
  const { order, platformFee, platformFeeVat, discountShare, additionalFee, additionalFeeVat, settlement } = amount
  const less = [
    ['fee', platformFee + platformFeeVat],
    ['coupon', discountShare],
    ['photographs', additionalFee + additionalFeeVat],
  ].flatMap(([name, sum]) => (sum === 0 ? [] : [` - ${name} ${won(sum)}`]))
  say(partner.id, `${what} ${won(order)}${less.join('')} = ${won(settlement)}, settled on ${settlementDate}`)
}

const sayPayouts = async (bulkPayoutId, ...partnerIds) => {
  const filter = { partnerIds, criteria: { bulkPayoutId } }
  const { items } = await platform.payout.getPlatformPayouts({ filter })
  for (const one of items.toSorted((a, b) => b.partner.id.localeCompare(a.partner.id))) {
    const { settlementAmount, incomeTaxAmount, localIncomeTaxAmount, vatAmount, amount, status, failReason } = one
    const taxes = incomeTaxAmount + localIncomeTaxAmount
    const rest = taxes > 0 ? ` - withheld ${won(taxes)}` : ` (VAT in it ${won(vatAmount)})`
    const end = failReason ? `: ${failReason}` : ''
    say(one.partner.id, `payout ${won(settlementAmount)}${rest} = ${won(amount)} ${status}${end}`)
  }
}

const rehearse = async () => {
  const { now } = await sandbox('GET', 'clock')
  if (now > begin)
    throw new Error(
      `The store's clock shows ${now}. Empty the store first:\n` +
        `  curl -X POST ${baseUrl}/sandbox/reset -H "Authorization: PortOne $API_SECRET"`,
    )
  // Before anything is changed: without the admin secret nobody would be paid, a month later.
  await admin('GET', 'bulk-payouts')
  await sandbox('POST', 'clock/stop')
  const started = performance.now()

  await until('2028-02-01')
  await open()

  await until('2028-02-02')
  const parts = [
    {
      partnerId: pottery.id,
      orderAmount: 50_000,
      discounts: [{ sharePolicyId: 'coupon', amount: 5_000 }],
      additionalFees: [{ policyId: 'photo' }],
    },
    { partnerId: painter.id, orderAmount: 30_000 },
  ]
  for (const transfer of await sell('gift-box', 75_000, parts)) sayTransfer('sells', transfer)

  await until('2028-02-10')
  const [prints] = await sell('two-prints', 20_000, [{ partnerId: painter.id, orderAmount: 20_000 }])
  sayTransfer('sells', prints)

  await until('2028-02-17')
  sayTransfer('takes back', await refund('two-prints', prints.id, 10_000))

  await until('2028-02-21')
  const bonus = { partnerId: painter.id, settlementAmount: 5_000, settlementDate: '2028-03-02', memo: 'campaign' }
  await platform.transfer.createPlatformManualTransfer(bonus)
  say(painter.id, `gets ${won(bonus.settlementAmount)} by hand (${bonus.memo}), settled on ${bonus.settlementDate}`)

  await until('2028-03-02')
  const settlements = await platform.partnerSettlement.getPlatformPartnerSettlements({ filter: {} })
  const order = ({ partner, type }) => `${partner.id === pottery.id ? 0 : 1} ${type === 'MANUAL' ? 1 : 0} ${type}`
  for (const one of settlements.items.toSorted((a, b) => order(a).localeCompare(order(b))))
    say(one.partner.id, `settlement ${one.type} ${won(one.type === 'MANUAL' ? one.amount : one.amount.settlement)}`)

  await payOut('february', ['2028-03-02'])
  await until('2028-03-02')
  await sayPayouts('february')

  await until('2028-03-03')
  await retry('february')
  await until('2028-03-03')
  await sayPayouts('february', painter.id)
  const { balance } = await admin('GET', 'balance')
  say('bank', `${won(1_000_000_000 - balance)} left the account`)
  process.stderr.write(`A month in ${((performance.now() - started) / 1000).toFixed(1)} s.\n`)
}

const explain = (error) => {
  process.stderr.write(`${error.cause?.message ?? error.message}\n`)
  process.exitCode = 1
}

if (API_SECRET && ADMIN_SECRET && CHANNEL_KEY) await rehearse().catch(explain)
else {
  process.stderr.write(
    'Set API_SECRET, ADMIN_SECRET and CHANNEL_KEY, and API_URL where the server is not on port 8686; the top of this file ' +
      'says where they come from.\n',
  )
  process.exitCode = 2
}
