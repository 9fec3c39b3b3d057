import type {
  PlatformAccount,
  PlatformContact,
  PlatformPartner,
  PlatformPartnerTypeBusiness,
  PlatformPartnerTypeNonWhtPayer,
  PlatformPartnerTypeWhtPayer,
  PlatformProperties,
} from '@naru/contract'

/** What a partner is: everything that has versions. Its connection to the tax-invoice network has none. */
export type PartnerContent = Pick<
  PlatformPartner,
  'name' | 'contact' | 'account' | 'status' | 'defaultContractId' | 'memo' | 'tags' | 'userDefinedProperties'
> & { readonly type: PartnerTypeContent }

export type BusinessContent = Omit<
  PlatformPartnerTypeBusiness,
  'memberCompanyConnectionStatus' | 'memberCompanyConnectionFailedReason'
>

export type PartnerTypeContent = BusinessContent | PlatformPartnerTypeWhtPayer | PlatformPartnerTypeNonWhtPayer

/** A change of a partner, with what look-ups found out. Kept as it is until a scheduled change applies. */
export type PartnerChange = {
  readonly name?: string
  readonly contact?: Partial<PlatformContact>
  readonly account?: PlatformAccount
  readonly defaultContractId?: string
  readonly memo?: string
  readonly tags?: string[]
  readonly userDefinedProperties?: PlatformProperties
  readonly type?: PartnerTypeChange
}

export type PartnerTypeChange =
  | (Partial<BusinessContent> & Pick<BusinessContent, 'type'>)
  | PlatformPartnerTypeWhtPayer
  | PlatformPartnerTypeNonWhtPayer

/** The partner with the change: the contact by field, properties by key, everything else as a whole. */
export const mergePartner = (content: PartnerContent, change: PartnerChange): PartnerContent => ({
  ...content,
  ...change,
  contact: { ...content.contact, ...change.contact },
  userDefinedProperties: { ...content.userDefinedProperties, ...change.userDefinedProperties },
  type: change.type === undefined ? content.type : mergePartnerType(content.type, change.type),
})

/**
 * A change to another type replaces everything. Where too little is known for that, the type stays: whoever asks for such
 * a change is refused, and only a scheduled one can meet a partner whose type was changed meanwhile.
 */
const mergePartnerType = (content: PartnerTypeContent, change: PartnerTypeChange): PartnerTypeContent => {
  if (change.type !== 'BUSINESS') return content.type === change.type ? { ...content, ...change } : change
  return completeBusiness(content.type === 'BUSINESS' ? { ...content, ...change } : change) ?? content
}

/** A business with all that must be known of one; `undefined` where something is missing. PortOne's default is NORMAL. */
export const completeBusiness = (business: Partial<BusinessContent>): BusinessContent | undefined => {
  const { companyName, businessRegistrationNumber, representativeName } = business
  if (companyName === undefined || businessRegistrationNumber === undefined || representativeName === undefined)
    return undefined
  return {
    taxationType: 'NORMAL',
    businessStatus: 'NOT_VERIFIED',
    ...business,
    type: 'BUSINESS',
    companyName,
    businessRegistrationNumber,
    representativeName,
  }
}
