import type { ClassName } from './classes.ts'
import type { InputField } from './fields.ts'

/** Of names that mean the same wherever they stand. A name that is missing here makes the test fail: it has to be classified. */
const byName: Readonly<Partial<Record<ClassName, string>>> = {
  url: 'confirmUrl noticeUrls webhookUrl orderImageUrl',
  'redirect url': 'redirectUrl',
  color: 'primary primaryHover primaryLight',
  'ip address': 'ipAddress',
  'positive amount':
    'amount amountFrom maxAmount maxDiscountAmount minAmount supplyAmount taxFree taxFreeAmount total totalAmount ' +
    'displayAmount totalBudget unitPrice vat vatAmount orderAmount fixedAmount',
  amount: 'currentCancellableAmount settlementAmount settlementTaxFreeAmount decimal',
  count:
    'days hours minutes seconds productCount quantity ttlSeconds validHours lagDays decimalScale ' +
    'availableMonthList fixedMonth months',
  installment: 'installmentMonth',
  percent: 'percent',
  rate: 'fixedRate partnerShareRate',
  'rate to find': 'partnerShareRates',
  page: 'number',
  'page size': 'size',
  month: 'month',
  'day of month': 'day daysOfMonth',
  year: 'year',
  'whole number': 'seed',
  text:
    'accountHolder accountNumber accountTransferId accountTransferIds accountVerificationId additionalFee ' +
    'additionalFeePolicyIds addressLine1 addressLine2 after all apiSecret appScheme approverId attachments bankAccountId ' +
    'billingIssueToken billingKey birth birthDay birthMonth birthOrBusinessRegistrationNumber birthYear birthdate ' +
    'bulkAccountTransferId bulkPayoutId businessClass businessRegistrationNumber businessType cancellationId carrier ' +
    'carrierTrackingId carrierType channelGroupId channelGroupIds channelKey channelKeys city code companyAddress ' +
    'companyName companyVerificationId contractId contractIds csv cursor customData customerEmail customerId ' +
    'customerIdentifier customerIdentityNumber customerName defaultContractId depositAccountHolder depositMemo ' +
    'depositorName details discountShare discountSharePolicyIds dueDate email expiryMonth expiryYear fee fields first ' +
    'firstName formula full fullName holder holderName holderPhoneNumber id identityNumber identityVerificationId ' +
    'identityVerificationTxId ids invoiceNumber issueId issueName key last lastName link locale memo merchantId ' +
    'nPayCategoryId nPayCategoryType nPayUid name notificationId orderName otp outcome pageUrl partnerId partnerIds ' +
    'partnerMemo partnerName partnerSettlementId partnerSettlementIds partnerTags partnerUserDefinedPropertyKeys password ' +
    'passwordTwoDigits paymentId paymentScheduleId paymentToken payoutId payoutIds pgAccountId pgMerchantId pgReceiptId ' +
    'pgTxId phoneNumber platformFee policyId productId productName profileKey promotionId province reason refreshToken ' +
    'refundEmail relationship remitteeName remitterName representativeName scheduleIds scriptId sessionId ' +
    'settlementStatementId sharePolicyId shippingAddressCity shippingAddressEmail shippingAddressFirstname ' +
    'shippingAddressLastname shippingAddressPhone shippingAddressState shippingAddressStreet shippingAddressZip steps ' +
    'storeBusinessRegistrationNumber storeId storeIds storeName string tag tags taxInvoiceId testCode token transactionId ' +
    'transferId transferMemo transferUserDefinedPropertyKeys txId url value version webhookId withdrawalMemo zipcode',
}

/** Where a name means something else than usual: by the operation and the place, as `operation body.place`. */
const byPlace: readonly (readonly [RegExp, ClassName])[] = [
  [/paymentDeadline\.validHours$/, 'deadline'],
  [/offerPeriod\.(range\.(from|to)|interval)$/, 'text'],
  // More than the budget may be spare.
  [/Promotion body\.recoverOption\.spareBudget\.percent$/, 'count'],
  // Compared with what the shopper agreed to: another amount is another error.
  [/^confirm(Payment|BillingKeyIssueAndPay) body\.(totalAmount|taxFreeAmount)$/, 'amount'],
  [/^createPaymentSession body\.agreements\[0\]\.url$/, 'url'],
  [/^sendIdentityVerification body\.customer\.phoneNumber$/, 'mobile number'],
  [
    /^(issueCashReceipt|registerStoreReceipt) body\.(items\[0\]\.storeB|b)usinessRegistrationNumber$/,
    'business-registration-number',
  ],
  [/^OpenCheckout body\.(page|askedAt)$/, "browser's time"],
  [/^getB2bBusinessInfos body\.brnList\[0\]$/, 'text'],
  [/^getPlatformCompanyState path\.businessRegistrationNumber$/, 'business-registration-number'],
]

/** The formats that the schema itself names. */
const byFormat: Readonly<Record<string, ClassName>> = {
  'date-time': 'instant',
  date: 'day',
  'new-id': 'new-id',
  'one-line': 'line',
  'not-blank': 'not-blank',
  'not-blank-line': 'not-blank-line',
  'account-number': 'account-number',
  'business-registration-number': 'business-registration-number',
  'second-factor-code': 'second-factor-code',
  'telephone-if-given': 'telephone-if-given',
  'e-mail-if-given': 'e-mail-if-given',
}

const classOfName: ReadonlyMap<string, ClassName> = new Map(
  Object.entries(byName).flatMap(([name, names]) => names.split(' ').map((one) => [one, toClass(name)] as const)),
)

function toClass(name: string): ClassName {
  const known: Readonly<Record<string, unknown>> = byName
  if (!isClass(name, known)) throw new Error(`${name} is no class`)
  return name
}

function isClass(name: string, known: Readonly<Record<string, unknown>>): name is ClassName {
  return Object.hasOwn(known, name)
}

/** What kind of input it is; `undefined` where nobody has said so. */
export const classOf = ({ operation, part, at, name, schema }: InputField): ClassName | undefined => {
  const place = `${operation} ${part}.${at}`
  const exception = byPlace.find(([pattern]) => pattern.test(place))
  const isText = schema.type === 'string'
  const format = isText && schema.format !== undefined ? byFormat[schema.format] : undefined
  const known = format ?? exception?.[1] ?? classOfName.get(name)
  // A card's number is text, a page's is none.
  return isText && known === 'page' ? 'text' : known
}
