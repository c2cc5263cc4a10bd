// The link over the bridge: what main is asked, and what its problems become.
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { problemOf } from '../components/problem.ts';
import { createFakeBridge, failing } from '../stories/bridge.ts';
import { createApi, createApiClient, createQueryClient } from './api.ts';

test('hands path, type and input to main and answers its data', async () => {
  const bridge = createFakeBridge({ handlers: { 'tasks.retry': ({ id }) => ({ id, state: 'queued' }) } });
  const client = createApiClient(bridge);
  const id = '019d2f6a-0000-7000-8000-000000000001';
  await expect(client.tasks.retry.mutate({ id })).resolves.toMatchObject({ id, state: 'queued' });
  expect(bridge.requests).toEqual([['rpc', { path: 'tasks.retry', type: 'mutation', input: { id } }]]);
});

test('a problem becomes an error that carries it whole', async () => {
  const fields = [{ path: 'title', message: 'Write something here.' }];
  const bridge = createFakeBridge({
    handlers: {
      'tasks.create': () => {
        throw new AppError('validation_failed', 'One field cannot be taken.', { details: { fields } });
      },
    },
  });
  const error = await createApiClient(bridge).tasks.create.mutate({ title: '' }).catch((cause: unknown) => cause);
  expect(problemOf(error)).toMatchObject({ code: 'validation_failed', status: 422, fields });
});

test('a bridge that breaks reads as an internal problem', async () => {
  const bridge = createFakeBridge();
  bridge.request = () => Promise.reject(new Error('An object could not be cloned.'));
  const error = await createApiClient(bridge).workspace.get.query({}).catch((cause: unknown) => cause);
  expect(problemOf(error).code).toBe('internal');
});

test('query keys carry the path and the input, which the live cache reads', () => {
  const client = createQueryClient();
  const api = createApi(createFakeBridge(), client);
  expect(api.tasks.list.queryOptions({ state: 'failed' }).queryKey).toEqual([
    ['tasks', 'list'],
    { input: { state: 'failed' }, type: 'query' },
  ]);
});

test('a refusal is not asked again, an outage is', async () => {
  const retry = createQueryClient().getDefaultOptions().queries?.retry as (count: number, error: unknown) => boolean;
  const refusal = await createApiClient(createFakeBridge({ handlers: { 'workspace.get': failing('forbidden', 'No.') } }))
    .workspace.get.query({})
    .catch((cause: unknown) => cause);
  expect(retry(0, refusal)).toBe(false);
  const outage = await createApiClient(createFakeBridge({ handlers: { 'workspace.get': failing('unavailable', 'No.') } }))
    .workspace.get.query({})
    .catch((cause: unknown) => cause);
  expect([retry(0, outage), retry(2, outage)]).toEqual([true, false]);
});
