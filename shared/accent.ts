// The tenant's accent: the same workspace has the same colour everywhere, and two seldom share one.

export const accents = ['indigo', 'teal', 'pink', 'lime'] as const;
export type Accent = (typeof accents)[number];

export function accentOf(organizationId: string): Accent {
  let sum = 0;
  for (const character of organizationId) sum = (sum * 31 + character.charCodeAt(0)) % 65_521;
  return accents[sum % accents.length] ?? 'indigo';
}
