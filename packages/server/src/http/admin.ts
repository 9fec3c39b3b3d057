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
import { addRoute } from './app.ts'
import type { Authentication } from './authentication.ts'
import { type Endpoint, type ServingParts, serve, type UntypedCall } from './endpoint.ts'
import type { Caller } from './handler.ts'

/** One request to an operation of the admin API, validated against its definition. */
export type AdminCall<Id extends AdminOperationId> = {
  readonly path: AdminPath<Id>
  readonly query: AdminQuery<Id>
  readonly body: AdminBody<Id>
  readonly principal: Principal
  readonly caller: Caller
}

export type AdminHandlers = {
  readonly [Id in AdminOperationId]: (call: AdminCall<Id>) => Promise<AdminSuccess<Id> | Refusal<AdminError<Id>>>
}

type AdminParts = Omit<ServingParts, 'authentication'> & { readonly sql: Sql; readonly handlers: AdminHandlers }

/**
 * Serves the admin API at /admin, and its document. It has its own credentials: API secrets are refused here, and admin
 * secrets by the API.
 */
export const serveAdmin = (app: FastifyInstance, { sql, handlers, ...parts }: AdminParts): void => {
  const authentication: Pick<Authentication, 'authenticate'> = { authenticate: (header) => authenticate(sql, header) }
  for (const id of adminOperationIds)
    addRoute(app, adminOperations[id], adminEndpoint(id, handlers, { ...parts, authentication }))
  let document: string | undefined
  app.get('/admin/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(adminApiDocument())
    return reply.type('application/json; charset=utf-8').send(document)
  })
}

/**
 * What answers requests to one operation of the admin API, free of HTTP: the command line asks it as well, so that both can
 * do the same.
 */
export const adminEndpoint = <Id extends AdminOperationId>(
  id: Id,
  handlers: AdminHandlers,
  parts: ServingParts,
): Endpoint => {
  const definition = adminOperations[id]
  const handler = handlers[id]
  const handle = async (call: UntypedCall): Promise<object> => {
    if (!isAdminCall<Id>(call)) throw new Error(`${id} was called without a credential`)
    return handler(call)
  }
  // A misspelt `test` would mean what is live, and a misspelt `payoutIds`, or one that is null, all payouts.
  return serve({ id, definition, isStrict: true, handle }, parts)
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
  'Send `Authorization: NaruAdmin <admin secret>`, with a secret from `naru payout admin create`. API secrets are not accepted here.'
