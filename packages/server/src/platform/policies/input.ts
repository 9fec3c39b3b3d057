import {
  CreatePlatformAdditionalFeePolicyBody,
  CreatePlatformDiscountSharePolicyBody,
  UpdatePlatformAdditionalFeePolicyBody,
  UpdatePlatformDiscountSharePolicyBody,
} from '@naru/contract'
import { Refusal } from '../../kernel/refusal.ts'
import { knownFields } from '../known-fields.ts'
import type { AdditionalFeePolicyContent, DiscountSharePolicyContent } from './content.ts'
import { readFee } from './fee.ts'

type Invalid = Refusal<'INVALID_REQUEST'>

export const additionalFeePolicyContent = (
  body: CreatePlatformAdditionalFeePolicyBody,
): AdditionalFeePolicyContent | Invalid => {
  const { id: _, fee: given, ...content } = knownFields(CreatePlatformAdditionalFeePolicyBody, body)
  const fee = readFee('fee', given)
  return fee instanceof Refusal ? fee : { ...content, fee }
}

export const additionalFeePolicyChange = (
  body: UpdatePlatformAdditionalFeePolicyBody,
): Partial<AdditionalFeePolicyContent> | Invalid => {
  const { fee: given, ...change } = knownFields(UpdatePlatformAdditionalFeePolicyBody, body)
  if (given === undefined) return change
  const fee = readFee('fee', given)
  return fee instanceof Refusal ? fee : { ...change, fee }
}

export const discountSharePolicyContent = (body: CreatePlatformDiscountSharePolicyBody): DiscountSharePolicyContent => {
  const { id: _, ...content } = knownFields(CreatePlatformDiscountSharePolicyBody, body)
  return content
}

export const discountSharePolicyChange = (
  body: UpdatePlatformDiscountSharePolicyBody,
): Partial<DiscountSharePolicyContent> => knownFields(UpdatePlatformDiscountSharePolicyBody, body)
