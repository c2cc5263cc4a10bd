// OpenAPI 3.1, made from the table of operations.
import { z } from 'zod';
import { errorStatus } from '../../../shared/errors.ts';
import type { Operation, RestDoor } from '../../../shared/operation.ts';
import type { NamedOperation } from '../../../shared/operations.ts';

type JsonSchema = Record<string, unknown>;

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
  return rest;
}

function parametersOf(path: string, method: string, input: JsonSchema): object[] {
  const properties = (input['properties'] ?? {}) as Record<string, JsonSchema>;
  const inPath = [...path.matchAll(/:(\w+)/g)].map((match) => match[1]!);
  const required = (input['required'] ?? []) as string[];
  const parameters = inPath.map((name) => ({ name, in: 'path', required: true, schema: properties[name] ?? {} }));
  if (method !== 'GET' && method !== 'DELETE') return parameters;
  const inQuery = Object.entries(properties).filter(([name]) => !inPath.includes(name));
  return [...parameters, ...inQuery.map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }))];
}

/** What is left of the input for the body: without what the path carries. */
function bodyOf(path: string, input: JsonSchema): JsonSchema {
  const inPath = new Set([...path.matchAll(/:(\w+)/g)].map((match) => match[1]!));
  const properties = Object.fromEntries(
    Object.entries((input['properties'] ?? {}) as JsonSchema).filter(([name]) => !inPath.has(name)),
  );
  const required = ((input['required'] ?? []) as string[]).filter((name) => !inPath.has(name));
  return { ...input, properties, ...(required.length > 0 ? { required } : { required: undefined }) };
}

const problem = {
  description: 'A problem document (RFC 9457)',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'code', 'detail'],
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          code: { type: 'string', enum: Object.keys(errorStatus) },
          detail: { type: 'string' },
          fields: {
            type: 'array',
            items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
          },
        },
      },
    },
  },
};

function requestOf(rest: RestDoor, input: JsonSchema): object {
  if (rest.body) return { [rest.body]: { schema: { type: 'string', description: 'One JSON object a line' } } };
  return { 'application/json': { schema: bodyOf(rest.path, input) } };
}

/** The door answers 204 to an operation that has nothing to say, such as a claim without work. */
function nothingOf({ rest, output }: Operation): object {
  if (rest!.status === 204 || !output.safeParse(null).success) return {};
  return { 204: { description: 'There is nothing' } };
}

function describe({ name, noun, operation }: NamedOperation): object {
  const rest = operation.rest!;
  const input = schemaOf(operation.input, 'input');
  const isPublic = operation.permission === 'public';
  const success =
    rest.status === 204
      ? { description: 'Done' }
      : {
          description: 'Success',
          content: { [rest.mediaType ?? 'application/json']: { schema: schemaOf(operation.output, 'output') } },
        };
  const withBody = rest.method === 'POST' || rest.method === 'PATCH';
  return {
    operationId: name,
    tags: [noun],
    summary: operation.summary,
    'x-permission': operation.permission,
    'x-scope': operation.scope,
    security: isPublic ? [] : [{ bearer: [] }],
    parameters: parametersOf(rest.path, rest.method, input),
    ...(withBody ? { requestBody: { content: requestOf(rest, input) } } : {}),
    responses: { [rest.status]: success, ...nothingOf(operation), default: problem },
  };
}

/** The document that `GET /api/openapi.json` answers. */
export function createOpenApi(operations: NamedOperation[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const named of operations) {
    const { rest } = named.operation;
    if (!rest) continue;
    const path = rest.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[rest.method.toLowerCase()] = describe(named);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Signalbox', version },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'Access token or API key' } } },
    paths,
  };
}
