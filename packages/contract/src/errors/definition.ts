import type Type from 'typebox'

export type ErrorDefinition<Extra> = {
  readonly status: number
  /** The name of the error's schema, which is also its class in PortOne's SDKs. */
  readonly name: string
  readonly description: string
  /** Fields besides `type` and `message`. */
  readonly extra: Extra | undefined
}

export const error = <Extra extends Type.TProperties = Record<never, never>>(
  status: number,
  name: string,
  description: string,
  extra?: Extra,
): ErrorDefinition<Extra> => ({ status, name, description, extra })
