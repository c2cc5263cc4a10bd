// Rows in lists: replaced by newer versions, put in and taken out where the filter says so exactly.

export interface Versioned {
  id: string;
  version: number;
}

/** Replaces the row of the same id by a newer one; the same array when nothing changed. */
export function replaceRow<Row extends Versioned>(rows: Row[], row: Versioned): Row[] {
  const index = rows.findIndex((known) => known.id === row.id);
  const known = rows[index];
  if (!known || known.version >= row.version) return rows;
  return rows.with(index, { ...known, ...row });
}

export interface Page<Row> {
  items: Row[];
  nextCursor: string | null;
}
/** One page of a query, or the pages of an infinite one. */
export type Listed<Row> = Page<Row> | { pages: Page<Row>[]; pageParams: unknown[] };

function pagesOf<Row>(listed: Listed<Row>): Page<Row>[] {
  return 'pages' in listed ? listed.pages : [listed];
}

function withPage<Row>(listed: Listed<Row>, index: number, items: Row[]): Listed<Row> {
  if (!('pages' in listed)) return { ...listed, items };
  const page = listed.pages[index];
  return page ? { ...listed, pages: listed.pages.with(index, { ...page, items }) } : listed;
}

/** The list with each row as it is given back; the same list when all are the same. */
export function mapRows<Row>(listed: Listed<Row>, change: (row: Row) => Row): Listed<Row> {
  return pagesOf(listed).reduce((mapped, { items }, index) => {
    const next = items.map(change);
    return next.every((row, at) => row === items[at]) ? mapped : withPage(mapped, index, next);
  }, listed);
}

/** Where a row is in a list: the page and the place on it. */
function find<Row extends Versioned>(listed: Listed<Row>, id: string): { page: number; index: number; row: Row } | null {
  for (const [page, { items }] of pagesOf(listed).entries()) {
    const index = items.findIndex((row) => row.id === id);
    const row = items[index];
    if (row) return { page, index, row };
  }
  return null;
}

export interface ListRules<Row> {
  /** Whether the row belongs to the list; null: only the backend can tell. */
  belongs(row: Row): boolean | null;
  /** Below 0: `a` stands before `b`. Of a field that does not change while the row lives. */
  order(a: Row, b: Row): number;
}

export interface Patched<Data> {
  data: Data;
  /** True: the filter or the order is touched in a way that only the backend can settle. */
  stale: boolean;
}

/** Puts one changed row into a loaded list. `data` keeps its identity when nothing changed. */
export function patchList<Row extends Versioned>(
  listed: Listed<Row>,
  row: Row,
  rules: ListRules<Row>,
): Patched<Listed<Row>> {
  const known = find(listed, row.id);
  if (known && known.row.version >= row.version) return { data: listed, stale: false };
  const belongs = rules.belongs(row);
  if (known) {
    const { items } = pagesOf(listed)[known.page] as Page<Row>;
    const next = belongs === false ? items.toSpliced(known.index, 1) : items.with(known.index, row);
    const moved = belongs !== false && rules.order(known.row, row) !== 0;
    return { data: withPage(listed, known.page, next), stale: belongs === null || moved };
  }
  if (belongs === null) return { data: listed, stale: true };
  if (!belongs) return { data: listed, stale: false };
  return { data: insert(listed, row, rules), stale: false };
}

/** Puts a new row where the order has it, unless that is beyond what is loaded. */
function insert<Row extends Versioned>(listed: Listed<Row>, row: Row, rules: ListRules<Row>): Listed<Row> {
  const pages = pagesOf(listed);
  for (const [page, { items, nextCursor }] of pages.entries()) {
    const index = items.findIndex((other) => rules.order(row, other) < 0);
    if (index >= 0) return withPage(listed, page, items.toSpliced(index, 0, row));
    const last = page === pages.length - 1;
    if (last && nextCursor === null) return withPage(listed, page, [...items, row]);
  }
  return listed;
}
