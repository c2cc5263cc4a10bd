// The text that an entry's hash covers: one text for one content, whatever the order of its keys.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, entryText, type AuditContent } from './audit-chain.ts';

const json = fc.jsonValue({ maxDepth: 3 });
const entries = fc.record({
  seq: fc.nat(),
  at: fc.date({ noInvalidDate: true }).map((at) => at.toISOString()),
  actor: fc.record({ kind: fc.constantFrom('user', 'agent', 'system'), id: fc.option(fc.uuid()), name: fc.string() }),
  origin: fc.string(),
  action: fc.string(),
  entity: fc.string(),
  entityId: fc.string(),
  before: json,
  after: json,
}) as fc.Arbitrary<AuditContent>;

it('is the canonical JSON of the entry, which is the same after a way through JSON', () => {
  fc.assert(
    fc.property(entries, (entry) => {
      const shuffled = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(entry))).toReversed());
      expect(entryText(entry)).toBe(canonicalJson(shuffled));
      expect(JSON.parse(entryText(entry))).toEqual(JSON.parse(JSON.stringify(entry)));
    }),
  );
});
