import type { CreatePlatformManualTransferBody } from '@naru/contract'
import { invalid, Refusal, refuse } from '../../kernel/refusal.ts'
import { currencyNotSupported, isSettlementCurrency } from '../currencies.ts'
import { dayProblem } from '../datable.ts'
import type { Snapshot } from '../entities/entity.ts'
import { type PlatformRequest, sortablePlatformId } from '../platform.ts'
import { unknownProperty } from '../settings/properties.ts'
import { type AmountField, amountsOf } from './arithmetic/amounts.ts'
import { largestAmount } from './arithmetic/largest-amount.ts'
import type { TransferParts } from './create-order.ts'
import { insertManual, type NewTransfer } from './insert.ts'
import { propertyProblem } from './order-input.ts'
import { idTaken } from './refusals.ts'
import { noPartner } from './resolve.ts'
import { searchEntries } from './search-entries.ts'
import { knownSnapshots } from './snapshots.ts'
import { readSurroundings, type Surroundings } from './surroundings.ts'
import { untilDecided } from './until-decided.ts'

type Body = CreatePlatformManualTransferBody
type Manual = Extract<NewTransfer, { type: 'MANUAL' }>

/** Registers an amount by hand: no fee, no cycle, no holiday. */
export const createManual = async ({ sql }: Pick<TransferParts, 'sql'>, request: PlatformRequest, body: Body) => {
  const problem = bodyProblem(body)
  if (problem) return problem
  return await untilDecided(async () => {
    const surroundings = await readSurroundings(sql, request.platform, {
      transferId: body.id,
      partnerId: body.partnerId,
      additionalFeePolicyIds: [],
      discountSharePolicyIds: [],
    })
    const prepared = transferOf(request, body, surroundings)
    if (prepared instanceof Refusal) return prepared
    const { transfer, partner } = prepared
    const written = await insertManual(sql, request.platform, transfer)
    if (written === 'ID_TAKEN') return idTaken(transfer.transferId)
    return written === 'LOST' ? written : { transfer, snapshots: knownSnapshots([{ kind: 'PARTNER', data: partner }]) }
  })
}

const bodyProblem = (body: Body): Refusal<'INVALID_REQUEST'> | undefined => {
  const { settlementAmount: amount, settlementTaxFreeAmount: taxFree = 0, settlementDate } = body
  if (Math.abs(amount) > largestAmount)
    return invalid(`settlementAmount must be at most ${largestAmount}, positive or negative.`)
  if (Math.abs(taxFree) > Math.abs(amount) || taxFree * amount < 0)
    return invalid(
      `settlementTaxFreeAmount is a part of settlementAmount: it must have its sign and not exceed ${amount}.`,
    )
  return dayProblem({ settlementDate }) ?? propertyProblem(body.userDefinedProperties)
}

const transferOf = (
  { platform, now }: PlatformRequest,
  body: Body,
  { isIdTaken, find, setting }: Surroundings,
):
  | { readonly transfer: Manual; readonly partner: Snapshot<'PARTNER'> }
  | Refusal<
      | 'PLATFORM_TRANSFER_ID_ALREADY_USED'
      | 'PLATFORM_PARTNER_NOT_FOUND'
      | 'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND'
      | 'PLATFORM_CURRENCY_NOT_SUPPORTED'
      | 'PLATFORM_NEGATIVE_AMOUNT_NOT_ALLOWED'
    > => {
  if (isIdTaken && body.id !== undefined) return idTaken(body.id)
  const partner = find('PARTNER', body.partnerId)
  if (!partner || partner.isArchived) return noPartner(body.partnerId)
  const properties = body.userDefinedProperties ?? []
  const unknown = unknownProperty(
    setting.content,
    'TRANSFER',
    properties.map(({ key }) => key),
  )
  if (unknown) return unknown
  const currency = body.settlementCurrency ?? partner.content.account.currency
  if (!isSettlementCurrency(currency)) return currencyNotSupported(currency)
  const isSettledAlone = setting.content.manualSettlementPerTransfer
  if (isSettledAlone && body.settlementAmount < 0) return negative
  const transfer: Manual = {
    type: 'MANUAL',
    transferId: body.id ?? sortablePlatformId('trs'),
    storeId: platform.store.storeId,
    status: 'IN_PROCESS',
    partnerId: partner.id,
    partnerVersion: partner.version,
    settingVersion: setting.version,
    currency,
    settlementDate: body.settlementDate,
    isSettledAlone,
    memo: body.memo ?? null,
    properties,
    amounts: manualAmounts(body.settlementAmount, body.settlementTaxFreeAmount ?? 0),
    partnerSettlementId: null,
    createdAt: now,
    search: searchEntries(undefined, properties),
  }
  return { transfer, partner }
}

const negative = refuse(
  'PLATFORM_NEGATIVE_AMOUNT_NOT_ALLOWED',
  'With manualSettlementPerTransfer every manual transfer is settled by itself, so that it cannot be negative.',
)

const manualAmounts = (settlement: number, settlementTaxFree: number): Readonly<Record<AmountField, number>> => ({
  ...amountsOf(() => 0),
  settlement,
  settlementTaxFree,
})
