import { adminOperationIds, adminOperations } from './admin/operations.ts'
import { Components, type JsonSchema } from './openapi/components.ts'
import { documentOperation, type OpenApiOperation } from './openapi/operation.ts'
import {
  adminDescription,
  adminSecurity,
  adminSecuritySchemes,
  apiDescription,
  categoryDescriptions,
  securitySchemes,
} from './openapi/words.ts'
import type { OperationDefinition } from './operation.ts'
import { operationEntries } from './operations.ts'

export type OpenApiDocument = {
  openapi: string
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } }
  servers?: { url: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, OpenApiOperation>>
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, object> }
}

/**
 * The contract as an OpenAPI 3.1 document. Made anew from the same tables it is the same to the byte.
 *
 * @param serverUrl the origin at which the API is served; without it, clients take the document's own origin
 */
export const openApiDocument = ({ serverUrl }: { serverUrl?: string } = {}): OpenApiDocument => {
  const components = new Components()
  const paths = documentPaths(operationEntries(), components)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Naru',
      // The version of the API that is spoken, not of the server that speaks it.
      version: '2',
      description: apiDescription,
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    ...(serverUrl === undefined ? {} : { servers: [{ url: serverUrl }] }),
    tags: usedCategories().map((name) => ({ name, description: categoryDescriptions[name] })),
    paths,
    components: { schemas: components.sorted(), securitySchemes },
  }
}

/** The admin API, as a document of its own: who writes to PortOne's API need not see it. */
export const adminApiDocument = (): Omit<OpenApiDocument, 'servers'> => {
  const components = new Components()
  const entries = adminOperationIds.map((id) => [id, adminOperations[id]] as const)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Naru admin',
      version: '1',
      description: adminDescription,
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    tags: [{ name: 'admin', description: categoryDescriptions.admin }],
    paths: documentPaths(entries, components, adminSecurity),
    components: { schemas: components.sorted(), securitySchemes: adminSecuritySchemes },
  }
}

type Entries = readonly (readonly [string, OperationDefinition])[]

const documentPaths = (
  entries: Entries,
  components: Components,
  security?: OpenApiOperation['security'],
): OpenApiDocument['paths'] => {
  const paths: OpenApiDocument['paths'] = {}
  for (const [id, operation] of entries) {
    const path = paths[operation.path] ?? {}
    path[operation.method.toLowerCase()] = documentOperation(id, operation, components, security)
    paths[operation.path] = path
  }
  return paths
}

const usedCategories = (): OperationDefinition['category'][] => [
  ...new Set(operationEntries().map(([, { category }]) => category)),
]
