import { z } from 'zod'
import { problem } from '../contract/shapes.ts'
import type { Route } from './serve.ts'

/** OpenAPI 3.1 of every bound route, from the same contract objects that serve them. */
export function openApi(
  routes: readonly Route[],
  info: { title: string; version: string; description: string },
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { endpoint, access } of routes) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
    const operation = {
      operationId: endpoint.id,
      summary: endpoint.summary,
      tags: [endpoint.id.split('.')[0]],
      'x-permission': access,
      security: access === 'public' ? [] : [{ apiKey: [] }, { session: [] }],
      parameters: [
        ...parametersOf(endpoint.params, 'path'),
        ...parametersOf(endpoint.query, 'query'),
        ...(endpoint.method === 'POST' ? [idempotencyHeader] : []),
      ],
      ...(endpoint.body
        ? {
            requestBody: {
              required: true,
              content: { 'application/json': { schema: schemaOf(endpoint.body, 'input') } },
            },
          }
        : {}),
      responses: {
        [String(endpoint.status ?? 200)]: {
          description: 'Done',
          content: { 'application/json': { schema: schemaOf(endpoint.reply, 'output') } },
        },
        default: {
          description: ['Refused. Codes:', ...(endpoint.refusals ?? ['request.invalid'])].join(' '),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    }
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation }
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'redress_session' },
      },
    },
  }
}

const idempotencyHeader = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key gives the first result again; kept for 48 hours.',
  schema: { type: 'string', maxLength: 128 },
}

function schemaOf(shape: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' }) as Record<string, unknown>
  return schema
}

function parametersOf(shape: z.ZodType | undefined, where: 'path' | 'query'): unknown[] {
  if (!shape) return []
  const schema = schemaOf(shape, 'input')
  const required = new Set((schema.required as string[] | undefined) ?? [])
  return Object.entries((schema.properties as Record<string, unknown> | undefined) ?? {}).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.has(name),
    schema: property,
  }))
}
