import type { RegisterEscrowLogisticsBody, RegisterStoreReceiptBodyItem } from '@naru/contract'
import type { Handlers } from '../http/handler.ts'
import { fromIso, toIso } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import { sumAtAnySize } from '../kernel/money.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { fulfil } from '../payments/fulfil.ts'
import { circumstances } from './caller.ts'
import { forStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'payments'>

type FulfilmentOperationId = 'applyEscrowLogistics' | 'modifyEscrowLogistics' | 'confirmEscrow' | 'registerStoreReceipt'

/** Shipments and confirmed purchases under escrow, and sales slips split among stores. */
export const paymentFulfilmentOperations = ({ access, payments }: Parts): Pick<Handlers, FulfilmentOperationId> => ({
  applyEscrowLogistics: forStore(access, async ({ path, body, caller, store }) => {
    const { storeId: _, ...shipment } = inUtc(body)
    const broken = refuseShipment(shipment)
    if (broken) return broken
    const step = { kind: 'REGISTER_SHIPMENT', shipment } as const
    const done = await fulfil(payments, { store, id: path.paymentId }, step, circumstances(caller))
    return done instanceof Refusal ? done : { ...shippedView(shipment), appliedAt: toIso(done.at) }
  }),

  modifyEscrowLogistics: forStore(access, async ({ path, body, caller, store }) => {
    const { storeId: _, ...shipment } = inUtc(body)
    const broken = refuseShipment(shipment)
    if (broken) return broken
    const step = { kind: 'MODIFY_SHIPMENT', shipment } as const
    const done = await fulfil(payments, { store, id: path.paymentId }, step, circumstances(caller))
    return done instanceof Refusal ? done : { ...shippedView(shipment), modifiedAt: toIso(done.at) }
  }),

  confirmEscrow: forStore(access, async ({ path, body, caller, store }) => {
    const step = { kind: 'CONFIRM_ESCROW', fromStore: body.fromStore ?? false } as const
    const done = await fulfil(payments, { store, id: path.paymentId }, step, circumstances(caller))
    return done instanceof Refusal ? done : { completedAt: toIso(done.at) }
  }),

  registerStoreReceipt: forStore(access, async ({ path, body, caller, store }) => {
    const broken = refuseItems(body.items)
    if (broken) return broken
    const step = { kind: 'STORE_RECEIPT', items: body.items } as const
    const done = await fulfil(payments, { store, id: path.paymentId }, step, circumstances(caller))
    return done instanceof Refusal ? done : compact({ receiptUrl: done.receiptUrl })
  }),
})

/** Answers say the time as every answer does, whatever offset it came with: several SDKs read no other form. */
const inUtc = <Shipment extends Pick<RegisterEscrowLogisticsBody, 'logistics'>>(shipment: Shipment): Shipment => {
  const { logistics } = shipment
  const sentAt = fromIso(logistics.sentAt)
  return sentAt === undefined ? shipment : { ...shipment, logistics: { ...logistics, sentAt: toIso(sentAt) } }
}

const shippedView = ({ logistics }: Pick<RegisterEscrowLogisticsBody, 'logistics'>) => ({
  invoiceNumber: logistics.invoiceNumber,
  sentAt: logistics.sentAt,
})

/** Longer than any tracking number or name. */
const longest = 200

const isText = (text: string): boolean => text.trim() !== '' && text.length <= longest

const refuseShipment = ({ logistics, products = [] }: Omit<RegisterEscrowLogisticsBody, 'storeId'>) => {
  const { invoiceNumber, sentAt, receivedAt } = logistics
  if (!isText(invoiceNumber)) return invalid(`logistics.invoiceNumber must be 1 to ${longest} characters.`)
  const [sent, received] = [fromIso(sentAt), receivedAt === undefined ? undefined : fromIso(receivedAt)]
  if (sent !== undefined && received !== undefined && received < sent)
    return invalid('logistics.receivedAt must not be before logistics.sentAt.')
  const index = products.findIndex(({ quantity, amount }) => quantity < 0 || amount < 0)
  return index < 0 ? undefined : invalid(`products[${index}]: quantity and amount must not be negative.`)
}

const refuseItems = (items: readonly RegisterStoreReceiptBodyItem[]) => {
  if (items.length === 0) return invalid('items must contain at least one store.')
  for (const [index, item] of items.entries()) {
    const broken = brokenItem(item)
    if (broken) return invalid(`items[${index}].${broken}`)
  }
  return undefined
}

/** PortOne documents the three parts as optional; KG Inicis, the only PG with store receipts, needs them. */
const brokenItem = (item: RegisterStoreReceiptBodyItem): string | undefined => {
  const { storeBusinessRegistrationNumber, storeName, totalAmount, taxFreeAmount, vatAmount, supplyAmount } = item
  if (!/^\d(?:-?\d){9}$/.test(storeBusinessRegistrationNumber))
    return 'storeBusinessRegistrationNumber must be 10 digits, with or without hyphens.'
  if (!isText(storeName)) return `storeName must be 1 to ${longest} characters.`
  if (totalAmount <= 0) return 'totalAmount must be greater than 0.'
  if (taxFreeAmount === undefined || vatAmount === undefined || supplyAmount === undefined)
    return 'taxFreeAmount, vatAmount and supplyAmount are needed by KG Inicis.'
  const given = [taxFreeAmount, vatAmount, supplyAmount]
  if (given.some((part) => part < 0)) return 'taxFreeAmount, vatAmount and supplyAmount must not be negative.'
  const total = sumAtAnySize(given)
  return total === BigInt(totalAmount)
    ? undefined
    : `totalAmount is ${totalAmount}, but its parts (tax-free, VAT, supply) sum to ${total}.`
}
