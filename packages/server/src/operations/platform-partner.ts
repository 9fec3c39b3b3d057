import type { Handlers } from '../http/handler.ts'

/** Partners. */
export const platformPartnerOperations = {
  getPlatformPartners: 'not-built',
  createPlatformPartner: 'not-built',
  createPlatformPartners: 'not-built',
  getPlatformPartner: 'not-built',
  updatePlatformPartner: 'not-built',
  archivePlatformPartner: 'not-built',
  recoverPlatformPartner: 'not-built',
  getPlatformPartnerFilterOptions: 'not-built',
  schedulePlatformPartners: 'not-built',
  getPlatformPartnerSchedule: 'not-built',
  schedulePartner: 'not-built',
  reschedulePartner: 'not-built',
  cancelPlatformPartnerSchedule: 'not-built',
  connectPartnerCounterparty: 'not-built',
  disconnectPartnerCounterparty: 'not-built',
  connectBulkPartnerCounterparty: 'not-built',
  disconnectBulkPartnerCounterparty: 'not-built',
  connectPartnerMemberCompany: 'not-built',
  disconnectPartnerMemberCompany: 'not-built',
  connectBulkPartnerMemberCompany: 'not-built',
  disconnectBulkPartnerMemberCompany: 'not-built',
} satisfies Partial<Handlers>
