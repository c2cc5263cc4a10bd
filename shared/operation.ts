// What an operation is: declared once here by its noun, and turned into every door by the backend.
import type { z } from 'zod';
import type { Permission, Scope } from './permissions.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** The REST door: path parameters are written `:name` and are fields of the input. */
export interface RestDoor {
  method: Method;
  path: string;
  /** The status of success. 204 answers no body. */
  status: 200 | 201 | 202 | 204;
  /** For an answer that is not JSON, such as a Markdown report: the input stays the same. */
  mediaType?: 'text/markdown' | 'application/x-ndjson';
  /** For a body that is not JSON: it is the field `ndjson` of the input, and the answer's `items` go out a line each. */
  body?: 'application/x-ndjson';
}

export interface Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** `query` reads; `mutation` changes, and is audited. */
  kind: 'query' | 'mutation';
  /** One sentence for OpenAPI and the tool list. */
  summary: string;
  input: Input;
  output: Output;
  /** `public` needs no credential; `authenticated` any signed-in person; otherwise the role must carry it. */
  permission: Permission | 'public' | 'authenticated';
  /** The scope that an API key needs; null: no key opens this. */
  scope: Scope | null;
  /** Absent where the operation serves the console alone. */
  rest: RestDoor | null;
  /** Whether agents get it as a tool over MCP. */
  mcp: boolean;
  /** The most that a body may hold, in bytes; absent: 2 MB. */
  bodyLimit?: number;
  /** The answer holds a secret that is shown once: it is not kept for a request repeated by its Idempotency-Key. */
  secretAnswer?: true;
}

/** Declares an operation; keeps the exact types of its input and output. */
export function operation<Input extends z.ZodType, Output extends z.ZodType, Kind extends 'query' | 'mutation'>(
  declared: Omit<Operation<Input, Output>, 'kind' | 'mcp' | 'scope'> & {
    kind: Kind;
    mcp?: boolean;
    scope?: Scope | null;
  },
): Operation<Input, Output> & { kind: Kind } {
  return { mcp: false, scope: null, ...declared };
}
