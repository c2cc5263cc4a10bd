// The AI SDK's model of an account, and the list of models that it offers. The SDK is loaded when it is first needed.
import type { LanguageModel } from 'ai';
import { z } from 'zod';
import { assertNever } from '../../shared/errors.ts';
import { serviceFacts, type ServiceKind, type ServiceSettings } from '../../shared/provider.ts';
import { ProviderFault } from './faults.ts';
import { createCall, type CallOptions } from './http.ts';

export interface Endpoint {
  kind: ServiceKind;
  service: Pick<ServiceSettings, 'baseUrl'>;
  key: string | null;
}

export function baseUrlOf({ kind, service }: Pick<Endpoint, 'kind' | 'service'>): string {
  const url = service.baseUrl ?? serviceFacts[kind].baseUrl;
  if (url === null) throw new ProviderFault('provider_not_found', 'It has no address.');
  return url;
}

/** The key, where the kind asks for one. Never left to the SDK, which would look for one in our own variables. */
function keyOf({ kind, key }: Endpoint): string {
  if (key === null && serviceFacts[kind].needsKey) throw new ProviderFault('provider_auth', `${serviceFacts[kind].label} asks for a key, and none is entered.`);
  return key ?? '';
}

export async function openModel(endpoint: Endpoint, model: string, options: CallOptions): Promise<LanguageModel> {
  const given = { baseURL: baseUrlOf(endpoint), apiKey: keyOf(endpoint), fetch: createCall(options) };
  switch (endpoint.kind) {
    case 'openai_compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return createOpenAICompatible({ ...given, name: 'service', includeUsage: true }).chatModel(model);
    }
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI(given).chat(model);
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic(given)(model);
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle(given)(model);
    }
    default:
      return assertNever(endpoint.kind);
  }
}

const MOST_MODELS = 500;
const openAiList = z.object({ data: z.array(z.object({ id: z.string() })) });
const googleList = z.object({
  models: z.array(z.object({ name: z.string(), supportedGenerationMethods: z.array(z.string()).optional() })),
});

function headersOf(endpoint: Endpoint): Record<string, string> {
  const key = keyOf(endpoint);
  if (endpoint.kind === 'anthropic') return { 'x-api-key': key, 'anthropic-version': '2023-06-01' };
  if (endpoint.kind === 'google') return { 'x-goog-api-key': key };
  return key === '' ? {} : { authorization: `Bearer ${key}` };
}

/** The names of its models, by name; throws a fault. */
export async function listModels(endpoint: Endpoint, options: Omit<CallOptions, 'expect'> & { signal: AbortSignal }): Promise<string[]> {
  const call = createCall({ ...options, expect: 'application/json' });
  const page = { openai_compatible: '', openai: '', anthropic: '?limit=1000', google: '?pageSize=1000' }[endpoint.kind];
  const answer = await call(`${baseUrlOf(endpoint)}/models${page}`, { headers: headersOf(endpoint), signal: options.signal });
  const body = await answer.text();
  if (!answer.ok) throw Object.assign(new Error('refused'), { statusCode: answer.status, responseBody: body, responseHeaders: Object.fromEntries(answer.headers) });
  const names = namesIn(endpoint.kind, body);
  if (names === null) throw new ProviderFault('provider_broken_answer', 'Its list of models cannot be read.');
  const clean = names.filter((name) => name.length > 0 && name.length <= 120 && !/[\u0000-\u001f\u007f]/.test(name));
  return [...new Set(clean)].sort().slice(0, MOST_MODELS);
}

function namesIn(kind: ServiceKind, body: string): string[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return null;
  }
  if (kind !== 'google') return openAiList.safeParse(parsed).data?.data.map(({ id }) => id) ?? null;
  const models = googleList.safeParse(parsed).data?.models.filter((model) => model.supportedGenerationMethods?.includes('generateContent') ?? true);
  return models?.map(({ name }) => name.replace(/^models\//, '')) ?? null;
}
