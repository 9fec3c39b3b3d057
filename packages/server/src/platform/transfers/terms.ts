import type { TransferParameters } from '@naru/contract'
import { type Fraction, fraction } from '../../kernel/fraction.ts'
import type { ContractContent } from '../contracts/content.ts'
import type { Snapshot } from '../entities/entity.ts'
import type { AdditionalFeePolicyContent } from '../policies/content.ts'
import type { SettingContent } from '../settings/content.ts'
import { type Calculator, compileCalculator } from './arithmetic/calculator.ts'
import type { AdditionalFee, ChargedFee, Discount, Fee, Order, Terms } from './arithmetic/terms.ts'
import type { DiscountInput, OrderInput } from './transfer.ts'

/** The policies of an order in the versions that apply to it, by id. */
export type Policies = {
  readonly additionalFees: ReadonlyMap<string, Snapshot<'ADDITIONAL_FEE_POLICY'>>
  readonly discountShares: ReadonlyMap<string, Snapshot<'DISCOUNT_SHARE_POLICY'>>
}

/** What an order is computed by. */
export const termsOf = (contract: ContractContent, setting: SettingContent, parameters: TransferParameters): Terms => ({
  platformFee: { fee: feeOf(contract.platformFee), vatPayer: contract.platformFeeVatPayer },
  subtractPaymentVatAmount: contract.subtractPaymentVatAmount,
  calculator: calculatorOf(setting),
  parameters: new Map(Object.entries(parameters).map(([key, value]) => [key, parameterValue(value)])),
})

const parameterValue = ({ decimal, decimalScale = 0 }: TransferParameters[string]): Fraction =>
  fraction(BigInt(decimal), 10n ** BigInt(decimalScale))

const feeOf = (fee: ContractContent['platformFee']): Fee =>
  fee.type === 'FIXED_RATE'
    ? { type: 'FIXED_RATE', rate: BigInt(fee.rate) }
    : { type: 'FIXED_AMOUNT', amount: BigInt(fee.amount) }

const chargedFee = ({ fee, vatPayer }: AdditionalFeePolicyContent): ChargedFee => ({ fee: feeOf(fee), vatPayer })

/** Formulas change seldom and are read often. The text is the whole key, so that nobody's formula is anybody else's. */
const compiled = new Map<string, Calculator>()
const mostCompiled = 200

/** The formulas of a setting, ready to be evaluated. They were checked when the setting was made. */
export const calculatorOf = ({ calculator, parameters }: SettingContent): Calculator => {
  const parameterKeys = parameters.map(({ key }) => key)
  const text = JSON.stringify([calculator, parameterKeys])
  const known = compiled.get(text)
  if (known) return known
  const result = compileCalculator(calculator, parameterKeys)
  if ('problems' in result) throw new Error(`the setting has formulas that cannot be read: ${JSON.stringify(result)}`)
  if (compiled.size >= mostCompiled) compiled.clear()
  compiled.set(text, result.calculator)
  return result.calculator
}

/** The order as the arithmetic takes it. All of its policies must be among `policies`. */
export const orderOf = (input: OrderInput, policies: Policies): Order => {
  const discounts = (given: readonly DiscountInput[]) => given.map((one) => discountOf(one, policies))
  const fees = (given: OrderInput['additionalFees']) => given.map(({ policyId }) => additionalFeeOf(policyId, policies))
  const whole = {
    taxFreeAmount: input.taxFreeAmount === undefined ? undefined : BigInt(input.taxFreeAmount),
    discounts: discounts(input.discounts),
    additionalFees: fees(input.additionalFees),
  }
  if (input.orderLines === undefined)
    return { detail: { type: 'AMOUNT', amount: BigInt(input.orderAmount ?? 0) }, ...whole }
  const lines = input.orderLines.map((line) => ({
    productId: line.product.id,
    unitAmount: BigInt(line.product.amount),
    unitTaxFreeAmount: BigInt(line.product.taxFreeAmount),
    quantity: BigInt(line.quantity),
    discounts: discounts(line.discounts),
    additionalFees: fees(line.additionalFees),
  }))
  return { detail: { type: 'LINES', lines }, ...whole }
}

const discountOf = (
  { sharePolicyId, amount, taxFreeAmount }: DiscountInput,
  { discountShares }: Policies,
): Discount => {
  const policy = discountShares.get(sharePolicyId)
  if (!policy) throw new Error(`the discount-share policy ${sharePolicyId} was not looked up`)
  return {
    policyId: sharePolicyId,
    partnerShareRate: BigInt(policy.content.partnerShareRate),
    amount: BigInt(amount),
    taxFreeAmount: BigInt(taxFreeAmount),
  }
}

const additionalFeeOf = (policyId: string, { additionalFees }: Policies): AdditionalFee => {
  const policy = additionalFees.get(policyId)
  if (!policy) throw new Error(`the additional-fee policy ${policyId} was not looked up`)
  return { policyId, ...chargedFee(policy.content) }
}
