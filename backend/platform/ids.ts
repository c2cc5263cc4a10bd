// Ids: UUID version 7, so that they sort by the time they were made and an index grows at its end.
import { v7 } from 'uuid';

export function newId(): string {
  return v7();
}
