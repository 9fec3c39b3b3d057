import type { CheckoutForm, CheckoutView, ReceiptForm } from '@naru/contract'
import { useState } from 'preact/hooks'
import { bankName, carrierName, giftCertificateName, walletName } from '../names.ts'
import type { Texts } from '../texts.ts'
import { Input, Radios, Row, Select } from './fields.tsx'
import { certificateNumber, digits, phoneNumber } from './format.ts'

type FormOf<Method extends CheckoutForm['method']> = Extract<CheckoutForm, { method: Method }>

type Props<Method extends CheckoutForm['method']> = {
  readonly form: FormOf<Method>
  readonly view: CheckoutView
  readonly texts: Texts
}

export const AccountFields = ({ form, view, texts }: Props<'VIRTUAL_ACCOUNT'>) => (
  <>
    <BankSelect banks={form.banks} view={view} texts={texts} />
    <Input
      label={texts.depositor}
      name="name"
      autocomplete="name"
      value={view.customer.name}
      maxLength={100}
      isRequired
    />
    <ContactFields view={view} texts={texts} isRequired={view.isEscrow} />
    <ReceiptFields receipt={form.receipt} texts={texts} />
  </>
)

export const TransferFields = ({ form, view, texts }: Props<'TRANSFER'>) => (
  <>
    <BankSelect banks={form.banks} view={view} texts={texts} />
    <Input
      label={texts.accountNumber}
      name="accountNumber"
      autocomplete="off"
      inputMode="numeric"
      isRequired
      format={digits(20)}
    />
    <Input label={texts.holder} name="name" autocomplete="name" value={view.customer.name} maxLength={100} isRequired />
    <ContactFields view={view} texts={texts} isRequired={view.isEscrow} />
    <ReceiptFields receipt={form.receipt} texts={texts} />
  </>
)

type BankProps = { readonly banks: FormOf<'TRANSFER'>['banks']; readonly view: CheckoutView; readonly texts: Texts }

const BankSelect = ({ banks, view, texts }: BankProps) => (
  <Select
    label={texts.bank}
    name="bank"
    isRequired
    {...(banks.length > 1 ? { empty: texts.choose } : {})}
    options={banks.map((value) => ({ value, label: bankName(value, view.language) }))}
  />
)

/** Who buys in escrow is told by e-mail when to confirm the purchase. */
const ContactFields = ({ view, texts, isRequired }: { view: CheckoutView; texts: Texts; isRequired: boolean }) =>
  isRequired ? (
    <Row>
      <PhoneInput view={view} texts={texts} />
      <Input
        label={texts.email}
        name="email"
        inputMode="email"
        autocomplete="email"
        value={view.customer.email}
        maxLength={200}
        isRequired
      />
    </Row>
  ) : null

const PhoneInput = ({ view, texts }: { view: CheckoutView; texts: Texts }) => (
  <Input
    label={texts.phone}
    name="phoneNumber"
    inputMode="tel"
    autocomplete="tel"
    value={view.customer.phoneNumber}
    hint="01012345678"
    isRequired
    format={phoneNumber}
  />
)

const ReceiptFields = ({ receipt, texts }: { readonly receipt: ReceiptForm; readonly texts: Texts }) => {
  const [type, setType] = useState<string>(receipt.type ?? '')
  if (!receipt.isOffered) return null
  return (
    <>
      <Select
        label={texts.receipt}
        name="receiptType"
        empty={texts.receiptNone}
        value={receipt.type}
        options={[
          { value: 'PERSONAL', label: texts.receiptPersonal },
          { value: 'CORPORATE', label: texts.receiptCorporate },
        ]}
        onChoose={setType}
      />
      {type !== '' && (
        <Input
          label={type === 'PERSONAL' ? texts.receiptPhone : texts.receiptBusiness}
          name="receiptNumber"
          inputMode="numeric"
          autocomplete="off"
          value={receipt.number}
          isRequired
          format={digits(20)}
        />
      )}
    </>
  )
}

export const WalletFields = ({ form, view, texts }: Props<'EASY_PAY'>) => (
  <Radios
    legend={texts.wallet}
    name="wallet"
    options={form.wallets.map((value) => ({ value, label: walletName(value, view.language) }))}
  />
)

type PersonProps = { readonly carriers: readonly string[]; readonly view: CheckoutView; readonly texts: Texts }

/** Who holds the telephone: for its bill, and to verify a person. */
export const PersonFields = ({ carriers, view, texts }: PersonProps) => (
  <>
    <Select
      label={texts.carrier}
      name="carrier"
      isRequired
      {...(carriers.length > 1 ? { empty: texts.choose } : {})}
      options={carriers.map((value) => ({ value, label: carrierName(value, view.language) }))}
    />
    <Input label={texts.name} name="name" autocomplete="name" value={view.customer.name} maxLength={100} isRequired />
    <Input
      label={texts.birthSeven}
      name="birthSeven"
      autocomplete="off"
      inputMode="numeric"
      hint={texts.birthSevenHint}
      isRequired
      format={digits(7)}
    />
    <PhoneInput view={view} texts={texts} />
  </>
)

export const GiftCertificateFields = ({ form, view, texts }: Props<'GIFT_CERTIFICATE'>) => (
  <>
    <Select
      label={texts.certificate}
      name="certificate"
      isRequired
      {...(form.types.length > 1 ? { empty: texts.choose } : {})}
      options={form.types.map((value) => ({ value, label: giftCertificateName(value, view.language) }))}
    />
    <Input
      label={texts.certificateNumber}
      name="certificateNumber"
      autocomplete="off"
      isRequired
      format={certificateNumber}
    />
  </>
)
