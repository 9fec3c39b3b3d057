import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normalize } from './normalize.ts'

test('prefixed and bare values mean the same, in the API’s spelling', () => {
  const bare = { currency: 'KRW', payMethod: 'CARD', productType: 'REAL', easyPay: { easyPayProvider: 'GCASH' } }
  const prefixed = {
    currency: 'CURRENCY_KRW',
    payMethod: 'PAY_METHOD_CARD',
    productType: 'PRODUCT_TYPE_REAL',
    easyPay: { easyPayProvider: 'EASY_PAY_PROVIDER_GCASH' },
  }
  const expected = {
    currency: 'KRW',
    payMethod: 'CARD',
    productType: 'PHYSICAL',
    easyPay: { easyPayProvider: 'G_CASH' },
  }
  assert.deepEqual(normalize(bare), expected)
  assert.deepEqual(normalize(prefixed), expected)
})

test('banks get the names of the API, also those whose name begins like the prefix', () => {
  const availableBanks = ['BANK_SHINHAN_BANK', 'EPOST', 'BANK_OF_AMERICA_BANK', 'BANK_BANK_OF_CHINA', 'BANK_OF_KOREA']
  assert.deepEqual(normalize({ virtualAccount: { availableBanks } }), {
    virtualAccount: { availableBanks: ['SHINHAN', 'POST', 'BANK_OF_AMERICA', 'BANK_OF_CHINA', 'BANK_OF_KOREA'] },
  })
})

test('the schema’s misspelt list of carriers counts like the right one', () => {
  assert.deepEqual(normalize({ mobile: { avaliableCarriers: ['CARRIER_SKT'] } }), {
    mobile: { availableCarriers: ['SKT'] },
  })
})

test('what belongs to the merchant or to a PG stays as it is', () => {
  const request = { customData: { currency: 'CURRENCY_KRW' }, bypass: { currency: 'CURRENCY_USD' } }
  assert.deepEqual(normalize(request), request)
})
