// The filter of the audit: between the route's search, the filter bar's tokens and what the backend is asked.
import type { AuditFilter } from '../../shared/audit.ts';
import { parseSpan } from '../../shared/schema.ts';
import type { FilterField, FilterValue } from '../components/filter.ts';
import { formatSpanWords, recentSpans } from '../components/span.ts';
import { shortId } from '../components/format.ts';
import { actionLabel, entityLabel } from './words.ts';

export type Search = Record<string, string | undefined>;
export interface Facets {
  actions: readonly { entity: string; action: string }[];
  actors: readonly string[];
}

const isSpan = (text: string | undefined): text is string => text !== undefined && parseSpan(text) !== null;

/** What the backend is asked for; what it would refuse is left out. */
export function auditInput(search: Search): AuditFilter {
  const { actor, action, entity, entityId, at, q } = search;
  return {
    ...(actor && { actor: actor.slice(0, 200) }),
    ...(action && { action: action.slice(0, 500) }),
    ...(entity && { entity: entity.slice(0, 200) }),
    ...(entityId && { entityId: entityId.slice(0, 100) }),
    ...(isSpan(at) && { at }),
    ...(q && { q: q.slice(0, 200) }),
  };
}

export function isFiltered(search: Search): boolean {
  return Object.keys(auditInput(search)).length > 0;
}

/** `who:`, `did:`, `to:`, `about:` and `when:`. */
export function auditFields(facets: Facets | undefined, now: number): FilterField[] {
  const actions = [...new Set(facets?.actions.map(({ action }) => action))];
  const entities = [...new Set(facets?.actions.map(({ entity }) => entity))];
  const labelled = (values: string[], label: (value: string) => string) =>
    values.map((value) => ({ value, label: label(value) })).toSorted((a, b) => a.label.localeCompare(b.label));
  return [
    { key: 'who', label: 'Who', values: (facets?.actors ?? []).map((name) => ({ value: name, label: name })), parse: (text) => text },
    { key: 'did', label: 'Did what', multiple: true, values: labelled(actions, actionLabel), parse: (text) => (text.includes('.') ? text : null), format: actionLabel },
    { key: 'to', label: 'To what kind', multiple: true, values: labelled(entities, entityLabel), parse: (text) => text.toLowerCase(), format: entityLabel },
    { key: 'about', label: 'About one thing, by its id', format: shortId },
    { key: 'when', label: 'When', values: recentSpans(now), parse: (text) => (isSpan(text) ? text : null), format: formatSpanWords },
  ];
}

export function toFilter({ actor, action, entity, entityId, at, q }: Search): FilterValue {
  return { who: actor, did: action, to: entity, about: entityId, when: at, q };
}

export function fromFilter(filter: FilterValue): Search {
  return { actor: filter['who'], action: filter['did'], entity: filter['to'], entityId: filter['about'], at: filter['when'], q: filter.q };
}
