import { enumeration, type Static } from '../schema.ts'

export const PortOneVersion = enumeration('PortOneVersion', '', ['V1', 'V2'])
export type PortOneVersion = Static<typeof PortOneVersion>
