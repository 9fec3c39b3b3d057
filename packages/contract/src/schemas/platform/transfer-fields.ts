import { amount, array, date, newId, optional, string } from '../../schema.ts'
import { Currency } from '../common/currency.ts'
import { graphqlId, isForTest, versionFields } from './lifecycle.ts'
import { PlatformTransferStatus } from './transfer-type.ts'
import { PlatformUserDefinedPropertyKeyValue } from './user-defined-property.ts'

const unit = 'In the minor unit of the currency.'

export const userDefinedProperties = (description: string) => array(PlatformUserDefinedPropertyKeyValue, description)

/** The same for every type of transfer, in full and in brief. */
export const transferFields = {
  id: string("The transfer's id."),
  graphqlId: graphqlId('the transfer'),
  status: PlatformTransferStatus,
  memo: optional(string("A note of the merchant's.")),
  settlementDate: date('When it is settled.'),
  settlementCurrency: Currency,
  isForTest: versionFields.isForTest,
  userDefinedProperties: userDefinedProperties('The properties of the transfer that the merchant has defined.'),
}

export const settlementStartDate = date('The day from which the settlement cycle counts.')

/** The amounts of a manual transfer, in full and in brief. */
export const manualAmounts = {
  settlementAmount: amount('What is owed; negative where the partner owes. In the minor unit of the currency.'),
  settlementTaxFreeAmount: amount('The tax-free part of what is owed, in the minor unit of the currency.'),
}

/** What every transfer may be created with. */
export const creation = {
  id: optional(newId("The transfer's id. Creating the same one twice is refused. Defaults to a generated one.")),
  isForTest: optional(isForTest),
  userDefinedProperties: optional(
    userDefinedProperties('The properties of the transfer that the merchant has defined.'),
  ),
}

export const settlementDates = {
  settlementStartDate: optional(date('The day from which the settlement cycle counts. May be in the past.')),
  settlementDate: optional(
    date('When to settle, whatever the settlement cycle says. Must not be earlier than the settlement start date.'),
  ),
}

/** A discount of an order, or what a cancellation takes back of one. */
export const discountFields = {
  sharePolicyId: string('The discount share policy.'),
  amount: amount(`The discount: of a line, on the whole line, whatever the quantity. ${unit}`, { minimum: 0 }),
  taxFreeAmount: optional(amount(`The tax-free part of the discount. Defaults to 0. ${unit}`, { minimum: 0 })),
}
