// Identity: people, organisations, sessions, API keys and the waitlist.
import { z } from 'zod';
import { operation } from './operation.ts';
import { role, scope } from './permissions.ts';
import { byId, email, empty, id, line, nothing, page, pageInput, time } from './schema.ts';

/** At least 10 characters, as NIST SP 800-63B asks for length and not for composition. */
export const password = z
  .string()
  .min(10, 'Use at least 10 characters.')
  .max(200, 'Use at most 200 characters.');

export const user = z.object({ id, name: z.string(), email: z.string() });
export type User = z.infer<typeof user>;

export const organization = z.object({
  id,
  name: z.string(),
  role,
  createdAt: time,
  /** True: the demo workspace. */
  demo: z.boolean().optional(),
});
export type Organization = z.infer<typeof organization>;

/** `expiresIn`: seconds that the access token lives. */
export const session = z.object({
  user,
  organization,
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresIn: z.number().int(),
});
export type Session = z.infer<typeof session>;

export const me = z.object({ user, organization, organizations: z.array(organization) });
export type Me = z.infer<typeof me>;

export const apiKey = z.object({
  id,
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(scope),
  agentId: id.nullable(),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable(),
});
export type ApiKey = z.infer<typeof apiKey>;

export const registerInput = z.object({
  organizationName: line(80),
  name: line(80),
  email,
  password,
  /** Embedded only: makes it the demo workspace, and takes away the one before it. */
  demo: z.boolean().optional(),
});

export const keyInput = z.object({
  name: line(80),
  scopes: z.array(scope).min(1, 'Choose at least one scope.'),
  expiresAt: time.optional(),
  agentId: id.optional(),
});

const open = { permission: 'public', scope: null } as const;

export const authOperations = {
  register: operation({
    kind: 'mutation',
    summary: 'Create an organisation and its owner, and sign in.',
    input: registerInput,
    output: session,
    ...open,
    rest: { method: 'POST', path: '/api/auth/register', status: 201 },
  }),
  login: operation({
    kind: 'mutation',
    summary: 'Sign in with e-mail and password.',
    input: z.object({
      email,
      password: z.string().min(1, 'Write your password.').max(200),
      totp: z.string().max(10).optional(),
      organizationId: id.optional(),
    }),
    output: session,
    ...open,
    rest: { method: 'POST', path: '/api/auth/login', status: 200 },
  }),
  refresh: operation({
    kind: 'mutation',
    summary: 'Exchange a refresh token for a new pair.',
    input: z.object({ refreshToken: z.string().min(1).max(500) }),
    output: session,
    ...open,
    rest: { method: 'POST', path: '/api/auth/refresh', status: 200 },
  }),
  logout: operation({
    kind: 'mutation',
    summary: 'End this session; its requests and sockets end within 5 seconds.',
    input: empty,
    output: nothing,
    permission: 'authenticated',
    rest: { method: 'POST', path: '/api/auth/logout', status: 204 },
  }),
  switch: operation({
    kind: 'mutation',
    summary: 'New tokens for another organisation of the same person.',
    input: z.object({ organizationId: id }),
    output: session,
    permission: 'authenticated',
    rest: { method: 'POST', path: '/api/auth/switch', status: 200 },
  }),
  me: operation({
    kind: 'query',
    summary: 'Who is signed in, where, and with which role.',
    input: empty,
    output: me,
    permission: 'authenticated',
    rest: { method: 'GET', path: '/api/auth/me', status: 200 },
  }),
};

export const keyOperations = {
  create: operation({
    kind: 'mutation',
    summary: 'Create an API key. The key is shown once.',
    input: keyInput,
    output: z.object({ id, key: z.string(), prefix: z.string() }),
    permission: 'keys:manage',
    secretAnswer: true,
    rest: { method: 'POST', path: '/api/auth/keys', status: 201 },
  }),
  list: operation({
    kind: 'query',
    summary: 'The API keys of the organisation, without their secrets.',
    input: pageInput,
    output: page(apiKey),
    permission: 'keys:manage',
    rest: { method: 'GET', path: '/api/auth/keys', status: 200 },
  }),
  revoke: operation({
    kind: 'mutation',
    summary: 'Revoke an API key at once.',
    input: byId,
    output: nothing,
    permission: 'keys:manage',
    rest: { method: 'DELETE', path: '/api/auth/keys/:id', status: 204 },
  }),
};

export const waitlistOperations = {
  join: operation({
    kind: 'mutation',
    summary: 'Join the waitlist. The answer is the same whether or not the address is known.',
    input: z.object({ email }),
    output: z.object({ status: z.literal('accepted') }),
    ...open,
    rest: { method: 'POST', path: '/api/waitlist', status: 202 },
  }),
};
