import type Type from 'typebox'
import { type ErrorType, envelopeErrors, errorSchema, errors, isErrorType } from '../errors.ts'
import type { OperationDefinition } from '../operation.ts'
import { idOf, referenceTo } from '../schema.ts'
import type { Components, JsonSchema } from './components.ts'
import { beforeExample, bodyExamples, parameterExamples, type Shown } from './examples.ts'
import { idempotencyKeyDescription, requestBodyDescription, security, unstableNotice } from './words.ts'

export type OpenApiOperation = {
  operationId: string
  summary: string
  description: string
  tags: string[]
  security: Record<string, string[]>[]
  parameters?: OpenApiParameter[]
  requestBody?: { required: boolean; content: JsonContent }
  responses: Record<string, OpenApiResponse>
  'x-unstable'?: true
  deprecated?: true
}

export type OpenApiParameter = {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema?: JsonSchema
  content?: JsonContent
} & Shown

export type OpenApiResponse = { description: string; content: Content }

type Content = JsonContent | { 'text/csv': { schema: JsonSchema } }

type JsonContent = { 'application/json': { schema: JsonSchema } & Shown }

/** One operation as the document shows it; the schemas it uses go to `components`. */
export const documentOperation = (
  id: string,
  operation: OperationDefinition,
  components: Components,
  schemes: OpenApiOperation['security'] = security,
): OpenApiOperation => {
  const parameters = documentParameters(id, operation, components)
  const notices = [...(operation.unstable ? [unstableNotice] : []), ...beforeExample(id)]
  return {
    operationId: id,
    summary: operation.summary,
    description: [operation.description, ...notices].join('\n\n'),
    tags: [operation.category],
    security: operation.authenticated ? schemes : [],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...documentBody(id, operation, components),
    responses: {
      200: { description: describe(operation.success), content: documentSuccess(operation, components) },
      ...documentErrors(operation, components),
      default: documentEnvelopeErrors(components),
    },
    ...(operation.unstable ? { 'x-unstable': true } : {}),
    ...(operation.deprecated ? { deprecated: true } : {}),
  }
}

const documentSuccess = ({ success, successType }: OperationDefinition, components: Components): Content => {
  const schema = components.refer(success)
  return successType === undefined ? json(schema) : { [successType]: { schema } }
}

const documentParameters = (id: string, operation: OperationDefinition, components: Components): OpenApiParameter[] => [
  ...fieldsAsParameters(id, 'path', operation.pathParameters, components),
  ...fieldsAsParameters(id, 'query', operation.queryParameters, components),
  ...requestBodyParameter(id, operation, components),
  ...(isWrite(operation) ? [idempotencyKey] : []),
]

const fieldsAsParameters = (
  id: string,
  place: 'path' | 'query',
  fields: Type.TObject | undefined,
  components: Components,
): OpenApiParameter[] =>
  Object.entries(fields?.properties ?? {}).map(([name, field]) => {
    const { description, ...schema } = components.refer(field)
    return {
      name,
      in: place,
      required: fields?.required?.includes(name) ?? false,
      ...(typeof description === 'string' ? { description } : {}),
      schema,
      ...parameterExamples(id, place, name),
    }
  })

const requestBodyParameter = (
  id: string,
  operation: OperationDefinition,
  components: Components,
): OpenApiParameter[] => {
  if (operation.body === undefined || operation.bodyIn === 'body') return []
  return [
    {
      name: 'requestBody',
      in: 'query',
      // Where the body may come either way, its absence from the query is no error yet.
      required: operation.bodyIn === 'query' && operation.bodyRequired,
      description: requestBodyDescription,
      content: json(components.refer(operation.body), bodyExamples(id)),
    },
  ]
}

const idempotencyKey: OpenApiParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: idempotencyKeyDescription,
  schema: { type: 'string' },
}

const isWrite = ({ method }: OperationDefinition): boolean => method !== 'GET'

const documentBody = (id: string, operation: OperationDefinition, components: Components) => {
  if (operation.body === undefined || operation.bodyIn === 'query') return {}
  const required = operation.bodyIn === 'body' && operation.bodyRequired
  return { requestBody: { required, content: json(components.refer(operation.body), bodyExamples(id)) } }
}

const documentErrors = (operation: OperationDefinition, components: Components): Record<string, OpenApiResponse> => {
  const types: ErrorType[] = [...operation.errors, ...(isWrite(operation) ? [outstanding] : [])]
  const byStatus = Object.groupBy(types, (type) => errors[type].status)
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, ofStatus = []]) => [status, errorResponse(ofStatus, components)]),
  )
}

/** Of the envelope's errors the one a client must expect of every write. */
const outstanding: ErrorType = 'IDEMPOTENCY_OUTSTANDING_REQUEST'

const documentEnvelopeErrors = (components: Components): OpenApiResponse =>
  errorResponse(Object.keys(envelopeErrors).filter(isErrorType), components)

const errorResponse = (types: readonly ErrorType[], components: Components): OpenApiResponse => {
  const sorted = types.toSorted()
  const variants = sorted.map((type) => [type, components.refer(errorSchema(type))] as const)
  return {
    description: sorted.map((type) => `- \`${type}\`: ${errors[type].description}`).join('\n'),
    content: json({
      oneOf: variants.map(([, schema]) => schema),
      discriminator: {
        propertyName: 'type',
        mapping: Object.fromEntries(sorted.map((type) => [type, referenceTo(errors[type].name)])),
      },
    }),
  }
}

const describe = (schema: Type.TSchema): string =>
  'description' in schema && typeof schema.description === 'string' ? schema.description : (idOf(schema) ?? 'Success.')

const json = (schema: JsonSchema, shown: Shown = {}): JsonContent => ({ 'application/json': { schema, ...shown } })
