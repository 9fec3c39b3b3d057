import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type OperationDefinition, operations } from '@naru/contract'
import { misspelt, unknownNear } from './unknown-fields.ts'

const schema = { type: 'array', items: { type: 'object', properties: { reason: { type: 'string' } } } }

test('a misspelt field is hinted at behind others that are unknown, but not behind a hundred other names', () => {
  const unknown = (count: number, nameOf: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => ({ [nameOf(index)]: 1 }))
  const hint = 'There is no field [1000].reasons. Did you mean [1000].reason?'
  assert.equal(misspelt(schema, [...unknown(1000, () => 'somethingElse'), { reasons: 'r' }]), hint)
  const others = unknown(100, (index) => `other${index}`)
  assert.equal(misspelt(schema, [...others, { reasons: 'r' }]), undefined)
  // Where a misspelt field would do harm, more of them than are compared are refused.
  const refused = unknownNear([])(schema, [...others, { another: 1 }])
  assert.equal(refused?.message, '[100].another must not be given: there is no such field')
  assert.equal(unknownNear([])(schema, others), undefined)
})

test('a field in the wrong object is told where it belongs, around it or in it', () => {
  const { body }: OperationDefinition = operations.createPlatformOrderTransfer
  assert(body)
  const refused = (value: object) => {
    const problem = unknownNear(['orderDetail', 'parameters'])(body, value)
    return problem && [problem.message, ...(problem.hint === undefined ? [] : [problem.hint])].join('. ')
  }
  const line = { product: { id: 'tea', name: 'Tea', amount: 1000 }, quantity: 1 }
  const gone = 'must not be given: there is no such field'
  const faults = [
    [{ orderDetail: { orderAmount: 1000, taxFreeAmount: 1000 } }, 'orderDetail.taxFreeAmount', 'taxFreeAmount'],
    [
      { orderDetail: { orderLines: [{ ...line, taxFreeAmount: 1000 }] } },
      'orderDetail.orderLines[0].taxFreeAmount',
      'orderDetail.orderLines[0].product.taxFreeAmount',
    ],
    [
      { orderDetail: { orderLines: [{ product: { ...line.product, discounts: [] }, quantity: 1 }] } },
      'orderDetail.orderLines[0].product.discounts',
      'orderDetail.orderLines[0].discounts',
    ],
    [{ orderAmount: 1000, orderDetail: {} }, 'orderAmount', 'orderDetail.orderAmount'],
    [
      { parameters: { weight: { decimal: 15, decimalscale: 1 } } },
      'parameters.weight.decimalscale',
      'parameters.weight.decimalScale',
    ],
    [{ taxfreeamount: 1000 }, 'taxfreeamount', 'taxFreeAmount'],
    [{ orderDetail: { isForTest: true } }, 'orderDetail.isForTest', 'isForTest'],
  ] as const
  for (const [value, field, meant] of faults) assert.equal(refused(value), `${field} ${gone}. Did you mean ${meant}?`)
  assert.equal(refused({ orderDetail: { orderAmount: 1000, foreign: 1 } }), `orderDetail.foreign ${gone}`)
  // What other versions of the API may have.
  const tolerated = {
    foreign: 1,
    externalPaymentDetail: { currency: 'KRW', foreign: 1 },
    orderDetail: { orderLines: [line] },
  }
  assert.equal(refused({ ...tolerated, taxFreeAmount: 0, parameters: { weight: { decimal: 1 } } }), undefined)
})

test('what the same thing is called elsewhere is told as what it is called here', () => {
  const hintOf = ({ body }: OperationDefinition, value: object) => {
    assert(body)
    const problem = unknownNear([])(body, value)
    return problem && [problem.message, problem.hint]
  }
  const { createPlatformManualTransfer, createPlatformOrderTransfer, updatePlatformPartner, updatePlatformContract } =
    operations
  const cases: readonly (readonly [OperationDefinition, string, string])[] = [
    [createPlatformManualTransfer, 'taxFreeAmount', 'settlementTaxFreeAmount'],
    [createPlatformManualTransfer, 'currency', 'settlementCurrency'],
    [createPlatformOrderTransfer, 'settlementTaxFreeAmount', 'taxFreeAmount'],
    [updatePlatformPartner, 'contractId', 'defaultContractId'],
    [updatePlatformContract, 'vatPayer', 'platformFeeVatPayer'],
    [updatePlatformPartner, 'memoo', 'memo'],
    [updatePlatformPartner, 'nme', 'name'],
    [updatePlatformPartner, 'typ', 'type'],
    [updatePlatformPartner, 'tgs', 'tags'],
    [updatePlatformContract, 'mem', 'memo'],
  ]
  for (const [operation, given, meant] of cases)
    assert.deepEqual(hintOf(operation, { [given]: 1 }), [
      `${given} must not be given: there is no such field`,
      `Did you mean ${meant}?`,
    ])
  assert.deepEqual(hintOf(updatePlatformPartner, { contact: { phone: '010' } }), [
    'contact.phone must not be given: there is no such field',
    'Did you mean contact.phoneNumber?',
  ])
  // Which amount is meant nobody knows, and one that is given as well is not meant.
  assert.equal(hintOf(createPlatformManualTransfer, { amount: 1 }), undefined)
  assert.equal(hintOf(updatePlatformPartner, { contractId: 'a', defaultContractId: 'b' }), undefined)
})
