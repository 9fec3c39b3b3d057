import {
  type AdminBody,
  type AdminError,
  type AdminOperationId,
  type AdminPath,
  type AdminQuery,
  type AdminSuccess,
  adminApiDocument,
  adminOperationIds,
  adminOperations,
} from '@naru/contract'
import type { FastifyInstance } from 'fastify'
import type { Sql } from '../db/connect.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { findAdmin } from '../merchants/admin-secrets.ts'
import type { Principal } from '../merchants/principal.ts'
import { addRoute, type Track } from './app.ts'
import type { Authentication } from './authentication.ts'
import { type ServingParts, serve, type UntypedCall } from './endpoint.ts'

/** One request to an operation of the admin API, held to its definition. */
export type AdminCall<Id extends AdminOperationId> = {
  readonly path: AdminPath<Id>
  readonly query: AdminQuery<Id>
  readonly body: AdminBody<Id>
  readonly principal: Principal
}

export type AdminHandlers = {
  readonly [Id in AdminOperationId]: (call: AdminCall<Id>) => Promise<AdminSuccess<Id> | Refusal<AdminError<Id>>>
}

type AdminParts = Omit<ServingParts, 'authentication'> & { readonly sql: Sql; readonly handlers: AdminHandlers }

/**
 * Serves the admin API at /admin, and its document. It has a credential of its own: an API secret is refused here, and an
 * admin secret by the API.
 */
export const serveAdmin = (app: FastifyInstance, track: Track, { sql, handlers, ...parts }: AdminParts): void => {
  const authentication: Pick<Authentication, 'authenticate'> = { authenticate: (header) => authenticate(sql, header) }
  for (const id of adminOperationIds) addAdminRoute(app, track, id, handlers, { ...parts, authentication })
  let document: string | undefined
  app.get('/admin/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(adminApiDocument())
    return reply.type('application/json; charset=utf-8').send(document)
  })
}

const addAdminRoute = <Id extends AdminOperationId>(
  app: FastifyInstance,
  track: Track,
  id: Id,
  handlers: AdminHandlers,
  parts: ServingParts,
): void => {
  const definition = adminOperations[id]
  const handler = handlers[id]
  const handle = async (call: UntypedCall): Promise<object> => {
    if (!isAdminCall<Id>(call)) throw new Error(`${id} was called without a credential`)
    return handler(call)
  }
  addRoute(app, definition, serve({ id, definition, handle }, parts), track)
}

/** The reader has held the input to the schemas that the call's types are made from. */
const isAdminCall = <Id extends AdminOperationId>(call: UntypedCall): call is UntypedCall & AdminCall<Id> =>
  call.principal !== undefined

const authenticate = async (sql: Sql, header: string | undefined): Promise<Principal | Refusal<'UNAUTHORIZED'>> => {
  const [, secret] = /^ *naruadmin +(\S+) *$/i.exec(header ?? '') ?? []
  if (secret === undefined) return refuse('UNAUTHORIZED', howTo)
  return (await findAdmin(sql, secret)) ?? refuse('UNAUTHORIZED', `This admin secret is unknown or revoked. ${howTo}`)
}

const howTo =
  'Send `Authorization: NaruAdmin <admin secret>`, with a secret from `naru payout admin create`. API secrets are not taken here.'
