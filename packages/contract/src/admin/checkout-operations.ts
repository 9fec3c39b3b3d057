import { access, operation } from '../operation.ts'
import { object, string } from '../schema.ts'
import {
  AdminCheckoutProfile,
  AdminCheckoutSetting,
  ChangeAdminCheckoutSettingBody,
  ListAdminCheckoutProfilesResponse,
  PutAdminCheckoutProfileBody,
} from './checkout-schemas.ts'

const store = { storeId: string("The store's id.") }
const ofStore = {
  category: 'admin',
  authenticated: true,
  pathParameters: object('AdminStorePath', 'Which store is meant.', store),
  errors: access,
} as const
const ofProfile = {
  ...ofStore,
  pathParameters: object('AdminCheckoutProfilePath', 'Which profile is meant.', {
    ...store,
    profileKey: string('What payment sessions name the profile by.'),
  }),
} as const
const setting = '/admin/checkout/stores/{storeId}/setting' as const
const profiles = '/admin/checkout/stores/{storeId}/profiles' as const
const profile = `${profiles}/{profileKey}` as const

/** What PortOne's console says of a store's checkout, or what its support switches on by mail. */
export const adminCheckoutOperations = {
  getAdminCheckoutSetting: operation({
    ...ofStore,
    method: 'GET',
    path: setting,
    summary: 'Read what a store wants of its checkout',
    description: 'Whether its server is asked before each approval, and hears of results before browsers do.',
    success: AdminCheckoutSetting,
  }),
  changeAdminCheckoutSetting: operation({
    ...ofStore,
    method: 'PUT',
    path: setting,
    summary: 'Say what a store wants of its checkout',
    description: 'What is not given stays. Servers see it within a second.',
    body: ChangeAdminCheckoutSettingBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: AdminCheckoutSetting,
  }),
  listAdminCheckoutProfiles: operation({
    ...ofStore,
    method: 'GET',
    path: profiles,
    summary: "List a store's checkout profiles",
    description: 'Oldest first.',
    success: ListAdminCheckoutProfilesResponse,
  }),
  putAdminCheckoutProfile: operation({
    ...ofProfile,
    method: 'PUT',
    path: profile,
    summary: 'Create a checkout profile, or give it other entries',
    description: 'Sessions that were made with it offer the new entries from then on.',
    body: PutAdminCheckoutProfileBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: AdminCheckoutProfile,
  }),
  deleteAdminCheckoutProfile: operation({
    ...ofProfile,
    method: 'DELETE',
    path: profile,
    summary: 'Delete a checkout profile',
    description: 'Sessions that were made with it offer no way to pay any more.',
    success: AdminCheckoutProfile,
  }),
} as const
