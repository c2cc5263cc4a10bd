// A list, and beside it the details of the row that is open.
import type { ReactNode } from 'react';
import { ListTable, type ListTableProps } from './ListTable.tsx';
import { SplitDetails } from './layout.tsx';

interface ListWithDetailsProps<Row> extends Omit<ListTableProps<Row>, 'selectedId' | 'autoFocus'> {
  /** The row that is open; null: none. */
  openId: string | null;
  /** Of it; shown while one is open. */
  details: ReactNode;
}
export function ListWithDetails<Row>({ openId, details, ...list }: ListWithDetailsProps<Row>) {
  return (
    <SplitDetails
      list={<ListTable {...list} selectedId={openId} autoFocus />}
      details={openId === null ? null : details}
    />
  );
}

/** A query that is answered in pages. */
interface PagedQuery<Row> {
  data: { pages: readonly { items: readonly Row[] }[] } | undefined;
  error: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch(): unknown;
  fetchNextPage(): unknown;
}

/** What a list needs of a query in pages, but the rows, which must stay the same from one drawing to the next. */
export function pagesOf<Row>(query: PagedQuery<Row>): Pick<ListTableProps<Row>, 'error' | 'onRetry' | 'hasMore' | 'onMore'> {
  return {
    error: query.error,
    onRetry: () => void query.refetch(),
    hasMore: query.hasNextPage,
    onMore: () => {
      if (!query.isFetchingNextPage) void query.fetchNextPage();
    },
  };
}
