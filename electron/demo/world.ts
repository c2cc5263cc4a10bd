// What the demo is made of: a made-up company whose agents are all simulated. The plans are the examples that come
// with the product; these are the errands beside them.

export const COMPANY = 'Brightwater Logistics';
export const PERSON = 'Guest of the demo';

/** In the order in which they are imported; the last is left as a draft, for the person to start. */
export const documents = ['release-readiness.md', 'incident-review.md', 'access-review.md'] as const;

/** Seconds of a typical task: quick enough to be watched, slow enough to be read. */
export const SIMULATOR = {
  name: 'Simulator',
  settings: { seed: 7, typicalSeconds: 14, failureRate: 0.1, overrunRate: 0.04, costUsd: 0.02 },
} as const;

/** Every attempt on it fails: so that there is something to find and to repair. */
export const UNRELIABLE = {
  name: 'Simulator, unreliable',
  settings: { seed: 3, typicalSeconds: 4, failureRate: 1, overrunRate: 0 },
  agent: { name: 'scan-reader', role: 'Reads the labels of scanned papers' },
  titles: ['Read the seals of container 4417', 'Read the waybill of tour 118', 'Read the customs form of shipment 902'],
} as const;

export const helpers = [
  { name: 'route-planner', role: 'Plans and replans tours', capabilities: ['routes'] },
  { name: 'cost-analyst', role: 'Knows what a kilometre costs', capabilities: ['costs'] },
  { name: 'contract-reader', role: 'Reads carrier contracts clause by clause', capabilities: ['contracts'] },
] as const;

/** Made-up dollars: so that a budget is seen to fill while work runs. */
export const BUDGET = { scope: 'workspace', unit: 'usd', amount: '6', period: 'month' } as const;

export const GATE = 'Approve: send the new tariffs to 14 carriers';

const errandsOf: Record<(typeof helpers)[number]['name'], readonly string[]> = {
  'route-planner': [
    'Replan tour 118 around the closed bridge',
    'Plan the Saturday tours of the northern depots',
    'Find a second driver for the night run',
    'Move three drops from tour 131 to tour 140',
  ],
  'cost-analyst': [
    'Price the detour of tour 118',
    'Compare the tolls of the two mountain passes',
    'Explain last week’s fuel bill',
    'Price a warehouse closer to the harbour',
  ],
  'contract-reader': [
    'Find the notice periods in the carrier contracts',
    'List who pays for waiting times',
    'Check the insurance clause of six carriers',
    'Find contracts that renew by themselves',
  ],
};

/** Alternating, so that every agent has something from the first second on. */
export const errands: readonly { agent: string; title: string }[] = [0, 1, 2, 3].flatMap((index) =>
  helpers.map(({ name }) => ({ agent: name, title: errandsOf[name][index] ?? name })),
);

const later: readonly { agent: (typeof helpers)[number]['name']; title(tour: number): string }[] = [
  { agent: 'route-planner', title: (tour) => `Replan tour ${tour} for the morning` },
  { agent: 'cost-analyst', title: (tour) => `Price the fuel of tour ${tour}` },
  { agent: 'contract-reader', title: (tour) => `Check the waiting times of tour ${tour}` },
  { agent: 'route-planner', title: (tour) => `Find a second driver for tour ${tour}` },
  { agent: 'cost-analyst', title: (tour) => `Compare the tolls of tour ${tour}` },
];

/** The errands that come in while the demo is open, by their number from 0. */
export function laterErrand(number: number): { agent: string; title: string } {
  const { agent, title } = later[number % later.length] ?? { agent: helpers[0].name, title: String };
  return { agent, title: title(201 + number) };
}
