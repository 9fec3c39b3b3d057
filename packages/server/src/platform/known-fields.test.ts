import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreatePlatformPartnerBody } from '@naru/contract'
import { knownFields } from './known-fields.ts'
import { newPartner, newPartners } from './partners/input.ts'

test('keeps what the contract knows, at any depth, and leaves the request as it is', () => {
  const body = {
    name: 'name',
    contact: { name: 'name', email: 'a@b.c', unknown: 1 },
    account: { bank: 'KOOKMIN', currency: 'KRW', number: '1', holder: 'h' },
    defaultContractId: 'contract',
    tags: [],
    type: {
      business: { companyName: 'c', businessRegistrationNumber: '1', representativeName: 'r', isArchived: true },
    },
    isArchived: true,
  } as const
  const known = knownFields(CreatePlatformPartnerBody, { ...body, tags: [] })
  const { isArchived: _, contact, type, ...rest } = body
  const { unknown: __, ...knownContact } = contact
  const { isArchived: ___, ...business } = type.business
  assert.deepEqual(known, { ...rest, contact: knownContact, type: { business } })
  assert.equal(body.contact.unknown, 1)
  const many = { ...body, tags: [], userDefinedProperties: { key: { string: 'value', unknown: 1 } } }
  assert.deepEqual(newPartners({ partners: [many, many] }), [newPartner(many), newPartner(many)])
  assert.deepEqual(newPartner(many).userDefinedProperties, { key: { string: 'value' } })
})
