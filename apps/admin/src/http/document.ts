import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { shapes } from '@recordcast/operator/shapes'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { letAnybodyIn } from './guard.js'
import { problemBody } from './problem.js'

/** Shapes that the document names instead of spelling them out wherever they stand. */
const named = z.registry<{ id: string }>()
for (const [id, shape] of Object.entries({ ...shapes, problemBody })) {
  // A filter's or a schema's shape is open: it has no name of its own.
  if (!id.endsWith('Input')) named.add(shape, { id })
}
const options = {
  schemaRegistry: named,
  zodToJsonConfig: {
    unrepresentable: 'any',
    // Examples stand with the shapes themselves, in zod's own register.
    override({ zodSchema, jsonSchema }) {
      Object.assign(jsonSchema, z.globalRegistry.get(zodSchema))
    },
  },
} as const satisfies Parameters<typeof createJsonSchemaTransform>[0]

/** OpenAPI 3.1 at /docs, made from the shapes; /docs/json is the document itself. */
export async function documentApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Recordcast admin',
        version: '1.0.0',
        description: 'What operators see and do. Errors are RFC 9457 problems with the codes of docs/errors.md.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{}, { token: [] }],
    },
    transform: createJsonSchemaTransform(options),
    transformObject: createJsonSchemaTransformObject(options),
  })
  await app.register(async (scope) => {
    letAnybodyIn(scope)
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: {
        ...{ 'default-src': "'none'", 'script-src': "'self'", 'style-src': "'self' 'unsafe-inline'" },
        ...{ 'img-src': "'self' data:", 'connect-src': "'self'", 'font-src': "'self' data:" },
        ...{ 'base-uri': "'none'", 'frame-ancestors': "'none'" },
      },
    })
  })
}
