import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { type OperationDefinition, operations } from '@naru/contract'
import { refuse } from '../kernel/refusal.ts'
import { TextFile } from '../kernel/text-file.ts'
import { type Json, startApi } from './testing/api.ts'

describe('requests for partner settlement', async () => {
  const seen: Json[] = []
  const bigSheet = async function* () {
    for (let line = 0; line < 50_000; line++) yield Buffer.from(`${line},${'x'.repeat(100)}\r\n`)
  }
  const brokenSheet = async function* () {
    yield Buffer.from('id\r\n')
    throw new Error('the database went away')
  }
  /** Any request that reaches a handler is understood, and refused. */
  const see = async (call: object) => {
    seen.push(call)
    return refuse('FORBIDDEN', 'Understood.')
  }
  const understood = 403
  const api = await startApi({
    handlers: {
      createPlatformContract: see,
      createPlatformPartner: see,
      createPlatformOrderTransfer: see,
      createPlatformOrderCancelTransfer: see,
      getPlatformPartnerSettlements: see,
      getPlatformAccountHolder: see,
      connectBulkPartnerCounterparty: see,
      connectPartnerCounterparty: see,
      disconnectBulkPartnerMemberCompany: see,
      schedulePlatformPartners: see,
      updatePlatformSetting: see,
      archivePlatformContract: see,
      createPlatformManualTransfer: see,
      completePlatformPayoutByPartnerSettlementIds: see,
      getPlatformPartners: see,
      downloadPlatformTransferSheet: async ({ query }) =>
        new TextFile('transfers.csv', query.test === true ? brokenSheet() : bigSheet()),
    },
  })
  after(() => api[Symbol.asyncDispose]())

  const last = (): Json => seen.at(-1)

  const contract = {
    name: 'Ten per cent',
    platformFee: { fixedRate: 10_000 },
    settlementCycle: { lagDays: 1, datePolicy: 'CALENDAR_DAY', method: { daily: {} } },
    platformFeeVatPayer: 'PARTNER',
  }
  const order = { partnerId: 'p', paymentId: 'o', orderDetail: { orderAmount: 1 } }
  const cancel = { transferId: 't', cancellationId: 'c' }

  const partner = {
    name: 'A',
    contact: { name: 'A', email: 'a@example.com' },
    account: { bank: 'KOOKMIN', currency: 'KRW', number: '1', holder: 'A' },
    defaultContractId: 'c',
    type: { whtPayer: {} },
  }

  const refusal = async (path: string, body: object, method = 'POST'): Promise<string> => {
    const { status, body: answer } = await api.request(method, path, { body })
    assert.equal(status, 400, JSON.stringify(answer))
    return answer.message
  }

  test('a misspelt parameter is refused, since it would act on the live platform; other ones are tolerated', async () => {
    const names = ['tset', 'Test', 'TEST', 'tes', 'tests', 'tst', 'test_', 'isForTest', 'test_mode', 'is-test']
    for (const name of names) {
      const message = await refusal(`/platform/contracts?${name}=true`, contract)
      const expected = `The query parameter "${name}" must not be given: there is no such parameter. Did you mean test?`
      assert.equal(message, expected)
    }
    const list = await refusal('/platform/partners?request_body=%7B%7D', {}, 'GET')
    assert.match(list, /"request_body" .* Did you mean requestBody\?/)
    for (const query of ['?', '?ts=1700000000', '?utm_source=x&t=1', '?test=true&latest=1']) {
      const { status } = await api.request('POST', `/platform/contracts${query}`, { body: contract })
      assert.equal(status, understood, query)
    }
  })

  test('a parameter that says otherwise which platform is to be changed is refused; one that does not is tolerated', async () => {
    const changes = [
      ['test[]', 'true'],
      ['test[0]', 'true'],
      ['test%5B%5D', 'true'],
      ['testing', 'true'],
      ['useTest', 'true'],
      ['live', 'false'],
      ['is_live', 'false'],
      ['liveMode', 'false'],
      ['sandbox', 'true'],
      ['environment', 'test'],
      ['mode', 'TEST'],
    ] as const
    for (const [name, value] of changes) {
      const words = `The query parameter "${decodeURIComponent(name)}" must not be given: there is no such parameter. Did you mean test?`
      assert.equal(await refusal(`/platform/contracts?${name}=${value}`, contract), words)
      assert.equal(await refusal(`/platform/setting?test=true&${name}=${value}`, { deductWht: true }, 'PATCH'), words)
      assert.equal((await api.request('GET', `/platform/partners?test=true&filter[test]=${value}`)).status, understood)
    }
    for (const query of [
      '?latest=1',
      '?delivered=true',
      '?contest[]=1',
      '?source=live',
      '?source=testers',
      '?tags[]=a',
    ]) {
      const { status } = await api.request('POST', `/platform/contracts${query}`, { body: contract })
      assert.equal(status, understood, query)
    }
  })

  test('a misspelt filter of a write is refused, since it would leave all partners matching; other fields are tolerated', async () => {
    const change = { update: {}, appliedAt: '2099-01-01T00:00:00Z', newerField: 1 }
    const writes = [
      ['/platform/partners/schedule', change],
      ['/platform/partners/counterparty-connect', { newerField: 1 }],
      ['/platform/partners/member-company-disconnect', {}],
    ] as const
    for (const [path, body] of writes) {
      const refusals: readonly (readonly [object, RegExp])[] = [
        [
          { filter: { id: ['p'] } },
          /^filter\.id must not be given: there is no such field\. Did you mean filter\.ids\?/,
        ],
        [{ filter: { partnerIds: ['p'] } }, /^filter\.partnerIds must not be given/],
        [{ filter: { keyword: { nmae: 'p' } } }, /^filter\.keyword\.nmae must not be given.*filter\.keyword\.name\?/],
        [{ filtr: { ids: ['p'] } }, /^filtr must not be given: there is no such field\. Did you mean filter\?/],
      ]
      for (const [filter, words] of refusals) assert.match(await refusal(path, { ...body, ...filter }), words)
      const { status } = await api.request('POST', path, { body: { ...body, filter: { ids: ['p'] } } })
      assert.equal(status, understood)
    }
    const list = await api.request(
      'GET',
      `/platform/partners?requestBody=${encodeURIComponent('{"filter":{"newer":1}}')}`,
    )
    assert.equal(list.status, understood)
  })

  test("a partner's contact is in one line: a second one would be a header of the mails that are sent there", async () => {
    const contact = { name: 'Kim', email: 'kim@shop.example\r\nBcc: all@other.example' }
    const partner = { name: 'P', contact, account: { bank: 'KOOKMIN', currency: 'KRW', number: '1', holder: 'Kim' } }
    const body = { ...partner, defaultContractId: 'c', type: { nonWhtPayer: {} } }
    assert.match(await refusal('/platform/partners', body), /^contact\.email must be one line of text/)
    const named = { ...body, contact: { name: 'Kim\r\nBcc: all', email: 'kim@shop.example' } }
    assert.match(await refusal('/platform/partners', named), /^contact\.name must be one line of text/)
  })

  test('lists and flags that are left out or null have their defaults', async () => {
    await api.request('POST', '/platform/transfers/order', { body: { ...order, discounts: null } })
    assert.deepEqual([last().body.discounts, last().body.additionalFees], [[], []])
    const orderLines = [{ product: { id: 'a', name: 'A', amount: 1 }, quantity: 1 }]
    await api.request('POST', '/platform/transfers/order', { body: { ...order, orderDetail: { orderLines } } })
    assert.deepEqual(last().body.orderDetail.orderLines[0].additionalFees, [])
    await api.request('POST', '/platform/contracts', { body: contract })
    assert.equal(last().body.subtractPaymentVatAmount, false)
  })

  test('creating takes a trailing slash, as in PortOne’s samples', async () => {
    const { status } = await api.request('POST', '/platform/contracts/', { body: contract })
    assert.equal(status, understood)
  })

  test('an empty id does not turn an operation on one partner into one on all', async () => {
    const before = seen.length
    const { status } = await api.request('POST', '/platform/partners/counterparty-connect/', { body: {} })
    assert.equal(status, 400)
    assert.equal(seen.length, before)
  })

  test('JSON that calls itself text, and a bare question mark, are understood', async () => {
    const headers = { 'content-type': 'text/plain;charset=UTF-8' }
    const { status } = await api.request('POST', '/platform/transfers/order?', { body: order, headers })
    assert.equal(status, understood)
  })

  test('a path in the singular is told the right one', async () => {
    const { status, body } = await api.request('POST', '/platform/transfer/order', { body: order })
    assert.equal(status, 404)
    assert.match(body.message, /Did you mean \/platform\/transfers\/order\?/)
  })

  test('everything may be cancelled by an object or, as in PortOne’s samples, by an array, and by nothing else', async () => {
    const path = '/platform/transfers/order-cancel'
    for (const all of [{}, []]) {
      const { status } = await api.request('POST', path, { body: { ...cancel, orderDetail: { all } } })
      assert.equal(status, understood)
    }
    assert.match(
      await refusal(path, { ...cancel, orderDetail: { all: true } }),
      /^orderDetail\.all must be an object or an array\.$/,
    )
  })

  test('the environment is a query parameter that is true or false', async () => {
    await api.request('POST', '/platform/transfers/order?test=true', { body: order })
    assert.deepEqual(last().query, { test: true })
    assert.match(await refusal('/platform/transfers/order?test=yes', order), /^test must be true or false\.$/)
  })

  test('a list whose filter is required takes an empty one, in the query or the body', async () => {
    const path = '/platform/partner-settlements'
    assert.match(await refusal(path, {}, 'GET'), /^filter must be given\.$/)
    const filter = encodeURIComponent('{"filter":{}}')
    assert.equal((await api.request('GET', `${path}?requestBody=${filter}`)).status, understood)
    assert.equal((await api.request('GET', path, { body: { filter: {} } })).status, understood)
  })

  test('what is wrong with a value is said by its name', async () => {
    const wrong = (more: object) => refusal('/platform/partners', { ...partner, ...more })
    assert.match(
      await wrong({ userDefinedProperties: { size: { string: 1 } } }),
      /^userDefinedProperties\.size\.string must be a string\.$/,
    )
    assert.match(
      await wrong({ userDefinedProperties: { size: 'L' } }),
      /^userDefinedProperties\.size must be an object with string\.$/,
    )
    for (const bank of ['shinhan', 'Shinhan', 'SHINAHN'])
      assert.match(
        await wrong({ account: { ...partner.account, bank } }),
        /^account\.bank must be one of .* more\. Did you mean SHINHAN\?$/,
      )
    assert.match(
      await wrong({ account: { ...partner.account, bank: 'MY_BANK' } }),
      /^account\.bank must be one of .* more\.$/,
    )
    assert.match(await wrong({ tags: Array(11).fill('x') }), /^tags must have at most 10 items\.$/)
    assert.match(await wrong({ id: 'a/b' }), /^id must be 1 to 100 characters/)
    assert.match(await wrong({ name: ' ' }), /^name must not be blank\.$/)
    assert.match(
      await wrong({ contact: { name: 'A', email: '' } }),
      /^contact\.email must be one line of text that is not blank/,
    )
    assert.match(
      await wrong({ account: { ...partner.account, holder: '\u3000' } }),
      /^account\.holder must be one line of text that is not blank/,
    )
    const lines = [{ product: { id: 'a', name: 'A', amount: 1 }, quantity: '2' }]
    assert.match(
      await refusal('/platform/transfers/order', { ...order, orderDetail: { orderLines: lines } }),
      /^orderDetail\.orderLines\[0\]\.quantity must be an integer\.$/,
    )
    const tooLate = { ...contract.settlementCycle, lagDays: 11 }
    assert.match(
      await refusal('/platform/contracts', { ...contract, settlementCycle: tooLate }),
      /^settlementCycle\.lagDays must be/,
    )
  })

  test('a bank in the path that does not exist is refused', async () => {
    const { status, body } = await api.request('GET', '/platform/bank-accounts/NO_BANK/1/holder')
    assert.equal(status, 400)
    assert.match(body.message, /^bank must be one of/)
    assert.equal((await api.request('GET', '/platform/bank-accounts/KOOKMIN/1/holder')).status, understood)
  })

  test('a file arrives in full, under its name', async () => {
    const { status, headers, text } = await api.request(
      'GET',
      '/platform/transfer-summaries/sheet-file?requestBody=%7B%7D',
    )
    assert.equal(status, 200)
    assert.equal(headers['content-type'], 'text/csv; charset=utf-8')
    assert.equal(headers['content-disposition'], 'attachment; filename="transfers.csv"')
    assert.equal(text.trimEnd().split('\r\n').length, 50_000)
  })

  test('a server that closes finishes the files that it has begun', async () => {
    const [began, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const slowSheet = async function* () {
      yield Buffer.from('id\r\n')
      began.resolve()
      await finish.promise
      yield Buffer.from('1\r\n')
    }
    const slow = await startApi({
      beside: api,
      handlers: { downloadPlatformTransferSheet: async () => new TextFile('slow.csv', slowSheet()) },
    })
    const download = slow.request('GET', '/platform/transfer-summaries/sheet-file')
    await began.promise
    const closed = slow.close()
    finish.resolve()
    assert.equal((await download).text, 'id\r\n1\r\n')
    await closed
  })

  test('a file that fails half-way is broken off', async () => {
    await assert.rejects(api.request('GET', '/platform/transfer-summaries/sheet-file?test=true'))
  })

  test('to create something are refused where its id has the name by which others refer to it', async () => {
    const manual = { partnerId: 'p', settlementAmount: 1, settlementDate: '2026-03-02' }
    for (const [path, body, name] of [
      ['/platform/transfers/manual', manual, 'transferId'],
      ['/platform/transfers/order', order, 'transferId'],
      ['/platform/transfers/order', order, 'transfer_id'],
      ['/platform/contracts', contract, 'contractId'],
      ['/platform/partners', partner, 'partnerId'],
    ] as const)
      assert.equal(
        await refusal(path, { ...body, [name]: 'mine' }),
        `${name} must not be given: there is no such field. Did you mean id?`,
      )
    const both = await api.request('POST', '/platform/contracts', { body: { ...contract, id: 'c', contractId: 'd' } })
    assert.equal(both.status, understood)
    const ofOthers = await api.request('POST', '/platform/transfers/order', { body: { ...order, externalId: 'mine' } })
    assert.equal(ofOthers.status, understood)
  })

  test('that say isForTest where the query says it are refused, unless the query says so too', async () => {
    const words =
      'isForTest must not be given: there is no such field. The test platform is chosen by the query parameter test=true.'
    for (const [method, path, body] of [
      ['PATCH', '/platform/setting', { deductWht: false }],
      ['POST', '/platform/contracts', contract],
      ['POST', '/platform/contracts/c/archive', {}],
    ] as const) {
      assert.equal(await refusal(path, { ...body, isForTest: true }, method), words)
      assert.equal(await refusal(`${path}?test=false`, { ...body, isForTest: true }, method), words)
      for (const [query, isForTest] of [
        ['?test=true', true],
        ['', false],
      ] as const) {
        const { status } = await api.request(method, path + query, { body: { ...body, isForTest } })
        assert.equal(status, understood, `${path}${query}`)
      }
    }
    const asDocumented = await api.request('POST', '/platform/transfers/order', { body: { ...order, isForTest: true } })
    assert.equal(asDocumented.status, understood)
  })

  test('to change something are refused with a misspelt field, which would not change what was meant', async () => {
    const tolerant = Object.values<OperationDefinition>(operations).filter(
      ({ path, method, body, isBodyStrict, isFilterStrict, moneyFields }) =>
        path.startsWith('/platform') && method !== 'GET' && body && !(isBodyStrict ?? isFilterStrict ?? moneyFields),
    )
    assert.deepEqual(tolerant, [])
    const completion = { bulkPayoutId: 'b', partnerSettlementIds: ['s'], completedat: '2026-03-02' }
    const later = { update: { defaultContractIds: 'c' }, appliedAt: '2099-01-01T00:00:00Z' }
    for (const [method, path, body, meant] of [
      [
        'PATCH',
        '/platform/setting',
        { manualSettlementPerTransfers: true },
        /Did you mean manualSettlementPerTransfer\?/,
      ],
      ['POST', '/platform/partner-settlements/complete-payout', completion, /Did you mean completedAt\?/],
      ['POST', '/platform/partners/schedule', later, /Did you mean update\.defaultContractId\?/],
    ] as const)
      assert.match(await refusal(path, body, method), meant)
    const newer = await api.request('PATCH', '/platform/setting', { body: { newerField: 1 } })
    assert.equal(newer.status, understood)
  })
})
