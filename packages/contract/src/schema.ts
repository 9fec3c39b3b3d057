import Type from 'typebox'

/**
 * The few words in which the contract is written. Every named schema embeds the schemas it uses by value; whoever emits
 * a document replaces an embedded schema that has an `$id` by a reference to it.
 */
export type Static<Schema extends Type.TSchema> = Type.Static<Schema>

/** A named object. Unknown fields are tolerated, so that clients may be newer than the server. */
export const object = <Fields extends Type.TProperties>(
  id: string,
  description: string,
  fields: Fields,
): Type.TObject<Fields> => Type.Object(fields, { $id: id, description })

/** A named set of strings. */
export const enumeration = <const Values extends readonly string[]>(
  id: string,
  description: string,
  values: Values,
): Type.TUnsafe<Values[number]> => Type.Unsafe({ $id: id, description, type: 'string', enum: [...values] })

/** The literal by which a variant of a union is told from the others. */
export const tag = <const Value extends string>(value: Value): Type.TLiteral<Value> => Type.Literal(value)

/**
 * A named union whose variants differ in one field. Each variant carries its literal there, so that the type narrows on
 * it and no value fits two variants.
 */
export const discriminated = <const Property extends string, Variants extends Record<string, Type.TSchema>>(
  id: string,
  description: string,
  property: Property,
  variants: Variants & {
    [Value in keyof Variants]: { properties: Record<Property, Type.TLiteral<Value & string>> }
  },
): Type.TUnsafe<{ [Value in keyof Variants]: Type.Static<Variants[Value]> }[keyof Variants]> =>
  Type.Unsafe({
    $id: id,
    description,
    oneOf: Object.values(variants),
    discriminator: {
      propertyName: property,
      mapping: Object.fromEntries(
        Object.entries(variants).map(([value, schema]) => [value, referenceTo(idOf(schema) ?? '')]),
      ),
    },
  })

/** A field that may be absent. An absent field is left out, never sent as null. */
export const optional = Type.Optional

/** Says what a named schema means in the field where it is used. */
export const described = <Schema extends Type.TSchema>(schema: Schema, usage: string): Schema & { usage: string } =>
  Object.defineProperties({ ...schema, usage }, Object.getOwnPropertyDescriptors(schema))

/** A required field that the server fills in where the client leaves it out. */
export const withDefault = <Schema extends Type.TSchema>(
  schema: Schema,
  value: Type.Static<Schema>,
): Schema & { default: Type.Static<Schema> } =>
  Object.defineProperties({ ...schema, default: value }, Object.getOwnPropertyDescriptors(schema))

export const string = (description?: string, limits: LengthLimits = {}): Type.TString =>
  Type.String({ ...options(description), ...limits })

type LengthLimits = { readonly minLength?: number; readonly maxLength?: number }

/** An id that the client chooses: 1 to 100 characters that can stand in one segment of a URL's path. */
export const newId = (description: string): Type.TString => Type.String({ format: 'new-id', description })

/** The number of a bank account, as a bank takes it. The format limits its length as well, everywhere alike. */
export const accountNumber = (description: string): Type.TString =>
  Type.String({ format: 'account-number', description })

/** What an authenticator shows. */
export const secondFactorCode = (description: string): Type.TString =>
  Type.String({ format: 'second-factor-code', description })

/** The number under which a company in Korea is registered. */
export const businessRegistrationNumber = (description: string): Type.TString =>
  Type.String({ format: 'business-registration-number', description })

/** Text for places that have one line, such as a bank statement. */
export const line = (description: string, limits: LengthLimits = {}): Type.TString =>
  Type.String({ format: 'one-line', description, ...limits })

/** A name and the like, which says nothing where it is blank. */
export const notBlank = (description: string, limits: LengthLimits = {}): Type.TString =>
  Type.String({ format: 'not-blank', description, ...limits })

/** A name that stands in one line, such as that of an account holder on a bank statement. */
export const notBlankLine = (description: string, limits: LengthLimits = {}): Type.TString =>
  Type.String({ format: 'not-blank-line', description, ...limits })

/** An instant: RFC 3339 with any offset, without leap seconds. */
export const dateTime = (description?: string): Type.TString =>
  Type.String({ format: 'date-time', ...options(description) })

/** A calendar date: yyyy-MM-dd. */
export const date = (description?: string): Type.TString => Type.String({ format: 'date', ...options(description) })

export const boolean = (description?: string): Type.TBoolean => Type.Boolean(options(description))

/** A count: a whole number of 32 bits. */
export const integer = (description?: string, limits: NumberLimits = {}): Type.TInteger =>
  Type.Integer({ format: 'int32', minimum: -(2 ** 31), maximum: 2 ** 31 - 1, ...options(description), ...limits })

type NumberLimits = { readonly minimum?: number; readonly maximum?: number }

/**
 * Money in the minor unit of its currency. PortOne documents 64 bits; we refuse what a JavaScript number cannot hold
 * exactly, since a rounded amount is worse than a refused one.
 */
export const amount = (description?: string, limits: NumberLimits = {}): Type.TInteger =>
  Type.Integer({
    format: 'int64',
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    ...options(description),
    ...limits,
  })

/** An object whose content the contract leaves open. */
export const anyObject = (description?: string): Type.TUnsafe<Record<string, unknown>> =>
  Type.Unsafe({ type: 'object', ...options(description) })

export const array = <Items extends Type.TSchema>(
  items: Items,
  description?: string,
  limits: ItemLimits = {},
): Type.TArray<Items> => Type.Array(items, { ...options(description), ...limits })

type ItemLimits = { readonly minItems?: number; readonly maxItems?: number }

/** A named object whose keys the client chooses. */
export const map = <Values extends Type.TSchema>(
  id: string,
  description: string,
  values: Values,
): Type.TUnsafe<Record<string, Type.Static<Values>>> =>
  Type.Unsafe({ $id: id, description, type: 'object', additionalProperties: values })

/** The name of a named schema. */
export const idOf = (schema: Type.TSchema): string | undefined =>
  '$id' in schema && typeof schema.$id === 'string' ? schema.$id : undefined

/** Where a document keeps the schema of this name. */
export const referenceTo = (id: string): string => `#/components/schemas/${id}`

const options = (description: string | undefined) => (description === undefined ? {} : { description })
