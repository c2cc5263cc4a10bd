// A parsed JSON or YAML document: its value, and where in the text each part of it stands.

export type Path = readonly (string | number)[];

export interface Structure {
  value: unknown;
  /** The line of the value at that path, or of the nearest thing around it. */
  lineOf(path: Path): number;
  duplicates: { key: string; line: number }[];
}
