import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { Command } from 'commander'
import { createTestDatabase } from '../../test/support/database.ts'
import { createMerchant, createStore } from '../merchants/setup.ts'
import type { SettingContent } from '../platform/settings/content.ts'
import { addPlatform } from './platform.ts'

describe('naru platform', async () => {
  const database = await createTestDatabase()
  after(() => database[Symbol.asyncDispose]())
  const { sql } = database
  process.env.DATABASE_URL = database.url
  process.env.NARU_ENCRYPTION_KEY = randomBytes(32).toString('base64')
  const merchantId = await createMerchant(sql, 'Market')
  const store = await createStore(sql, { merchantId, name: 'Market', mode: 'LIVE', isRepresentative: true })

  const naru = async (...words: string[]) => {
    const program = new Command().exitOverride()
    addPlatform(program)
    await program.parseAsync(['platform', ...words, '--store', store], { from: 'user' })
  }
  const setting = async (isForTest = false): Promise<SettingContent | undefined> => {
    const [row] = await sql<{ content: SettingContent }[]>`
      select content from platform_entities where merchant_id = ${merchantId} and is_for_test = ${isForTest} and kind = 'SETTING'`
    return row?.content
  }

  test('formulas are set, and refused where they cannot be computed', async () => {
    await naru('formula', 'platformFee', 'PAYMENT_AMOUNT * FIXED_RATE', '--round', 'UP')
    assert.deepEqual((await setting())?.calculator.platformFee, {
      formula: 'PAYMENT_AMOUNT * FIXED_RATE',
      roundType: 'UP',
    })
    for (const [formula, problem] of [
      ['PLATFORM_FEE_VAT * 2', 'UNSUPPORTED_VARIABLE (PLATFORM_FEE_VAT: this formula cannot use it)'],
      ['()', 'INVALID_SYNTAX (")" closes nothing, or a value is missing before it)'],
      ['(1 + 2', 'INVALID_SYNTAX (it ends where a value or a closing parenthesis is missing)'],
      ['1 2', 'INVALID_SYNTAX ("2": write values with +, - or * between them)'],
      ['ORDER_AMOUNT / 2', 'INVALID_OPERATOR (/: there are only +, - and *)'],
      ['max(1)', 'INVALID_FUNCTION (max: there are only ceil, floor and round)'],
      ['round()', 'UNEXPECTED_FUNCTION_ARGUMENTS (round takes one argument, not 0)'],
    ] as const)
      await assert.rejects(naru('formula', 'platformFee', formula), ({ message }: Error) => message.includes(problem))
    await naru('vat-rounding', 'OFF')
    assert.equal((await setting())?.calculator.vatRoundType, 'OFF')
    await assert.rejects(naru('vat-rounding', 'NEAREST'), /DOWN, UP or OFF/)
    assert.equal(await setting(true), undefined, 'the test platform has a setting of its own')
  })

  test('a parameter can be used by formulas, and stays while one does', async () => {
    await naru('parameter', 'RATE', '--default', '0.25', '--name', 'Rate')
    assert.deepEqual((await setting())?.parameters, [
      { key: 'RATE', name: 'Rate', defaultValue: { decimal: 25, decimalScale: 2 } },
    ])
    await naru('formula', 'bonus', 'ORDER_AMOUNT * RATE')
    assert.deepEqual((await setting())?.calculator.userDefined, [
      { key: 'bonus', formula: 'ORDER_AMOUNT * RATE', roundType: 'DOWN' },
    ])
    await assert.rejects(naru('remove-parameter', 'RATE'), /bonus: INVALID_VARIABLE \(RATE\)/)
    await assert.rejects(naru('parameter', 'bonus', '--default', '1'), /formula or a parameter bonus/)
    await assert.rejects(naru('parameter', 'ORDER_AMOUNT', '--default', '1'), /variable of every formula/)
    await assert.rejects(naru('parameter', 'OTHER', '--default', '0.123456'), /five decimals/)
    await assert.rejects(naru('formula', 'RATE', 'ORDER_AMOUNT'), /formula or a parameter RATE/)
    await naru('remove-formula', 'bonus')
    await naru('remove-parameter', 'RATE')
    assert.deepEqual((await setting())?.parameters, [])
    for (let count = 0; count < 10; count++) await naru('formula', `own${count}`, 'ORDER_AMOUNT')
    await assert.rejects(naru('formula', 'own10', 'ORDER_AMOUNT'), /10 formulas/)
  })

  test('properties are defined and renamed, ten of each type', async () => {
    await naru('property', 'grade', '--of', 'PARTNER', '--test')
    await naru('property', 'grade', '--of', 'TRANSFER', '--test')
    await naru('property', 'grade', '--of', 'PARTNER', '--name', 'Grade', '--secret', '--test')
    assert.deepEqual((await setting(true))?.properties, [
      { key: 'grade', name: 'Grade', objectType: 'PARTNER', isSecret: true },
      { key: 'grade', name: 'grade', objectType: 'TRANSFER', isSecret: false },
    ])
    await assert.rejects(naru('property', 'no spaces', '--of', 'PARTNER'), /cannot be a key/)
    for (let count = 1; count < 10; count++) await naru('property', `key${count}`, '--of', 'PARTNER', '--test')
    await assert.rejects(naru('property', 'key10', '--of', 'PARTNER', '--test'), /10 properties/)
    await naru('remove-property', 'key9', '--of', 'PARTNER', '--test')
    await assert.rejects(naru('remove-property', 'key9', '--of', 'PARTNER', '--test'), /no property key9/)
    await naru('property', 'key10', '--of', 'PARTNER', '--test')
    await naru('remove-property', 'grade', '--of', 'TRANSFER', '--test')
    const left = (await setting(true))?.properties.filter(({ key }) => key === 'grade')
    assert.deepEqual(
      left?.map(({ objectType }) => objectType),
      ['PARTNER'],
    )
  })

  test('partner settlement and tax invoices are switched', async () => {
    const switches = async () =>
      (
        await sql`
          select is_platform_enabled as platform, is_tax_invoicing_enabled as "taxInvoices"
          from merchants where merchant_id = ${merchantId}`
      )[0]
    await naru('disable')
    assert.deepEqual({ ...(await switches()) }, { platform: false, taxInvoices: true })
    await naru('enable')
    await naru('disable', '--tax-invoices')
    assert.deepEqual({ ...(await switches()) }, { platform: true, taxInvoices: false })
    await naru('show')
    // It is one switch for both platforms.
    await assert.rejects(naru('disable', '--test'), /unknown option '--test'/)
  })

  test('a formula of one’s own is not taken for one that every platform has, mistyped', async () => {
    for (const name of ['platformfee', 'Settlement', 'platform_fee', 'settlment', 'platformFe', 'additonalFee'])
      await assert.rejects(
        naru('formula', name, 'ORDER_AMOUNT', '--test'),
        /Did you mean .* Every platform has a formula/,
      )
    for (const name of ['fee', 'settlement2']) await naru('formula', name, 'ORDER_AMOUNT', '--test')
  })
})
