import { enumeration, type Static } from '../../schema.ts'

export const PortOneVersion = enumeration(
  'PortOneVersion',
  'The generation of the API a payment was made with. Always `V2` here.',
  ['V1', 'V2'],
)
export type PortOneVersion = Static<typeof PortOneVersion>
