// A CSV file made a table. It is read in pieces, with a pause between two, so that the page answers while a long file is
// read: a worker of papaparse would be a script of its own making, which the content security policy refuses.

import Papa from "papaparse";

export interface Row {
  /** As a spreadsheet numbers it: the names of the columns are row 1. */
  number: number;
  cells: string[];
}

export interface Table {
  name: string;
  columns: string[];
  rows: Row[];
  /** The first row that has more cells than there are columns. */
  tooWide: number | undefined;
  /** The file was no UTF-8 and was read as a spreadsheet of Windows writes it. */
  legacy: boolean;
}

/** What is wrong with a file, in words that say what to do. */
export class FileProblem extends Error {}

export const FILE_MAX_BYTES = 200 * 1024 * 1024;
const PIECE = 256 * 1024;

/** The text of a file: UTF-8, UTF-16 with its mark, or else Windows-1252, which Excel writes in much of the world. */
export function decoded(bytes: ArrayBuffer): { text: string; legacy: boolean } {
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  if (first === 0xff && second === 0xfe) return { text: new TextDecoder("utf-16le").decode(bytes), legacy: false };
  if (first === 0xfe && second === 0xff) return { text: new TextDecoder("utf-16be").decode(bytes), legacy: false };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), legacy: false };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), legacy: true };
  }
}

/** What separates cells: the sign that makes most of the first row, which names the columns. */
function separator(text: string): string {
  const first = (delimiter: string) => Papa.parse<string[]>(text, { delimiter, preview: 1 }).data[0]?.length ?? 0;
  const [best] = [",", ";", "\t", "|"].map((sign) => ({ sign, cells: first(sign) })).sort((a, b) => b.cells - a.cells);
  return best?.sign ?? ",";
}

/** The records of a text, each with its number; blank ones are left out. */
function records(text: string, piece: number): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const rows: Row[] = [];
    let number = 0;
    const config: Papa.ParseLocalConfig<string[], Papa.LocalFile> = {
      delimiter: separator(text.slice(0, piece)),
      chunkSize: piece,
      chunk: ({ data, errors }, parser) => {
        const open = errors.find((error) => error.code === "MissingQuotes");
        if (open) {
          const row = (number + (open.row ?? 0) + 1).toLocaleString();
          reject(new FileProblem(`A quote in row ${row} is never closed: close it in the file and choose it again.`));
          parser.abort();
          return;
        }
        for (const cells of data) {
          number += 1;
          if (cells.some((cell) => cell.trim() !== "")) rows.push({ number, cells });
        }
        parser.pause();
        setTimeout(() => parser.resume(), 0);
      },
      complete: () => resolve(rows),
      error: reject,
    };
    // Its types know pieces only of files; of those it decodes each piece by itself, which breaks letters in two.
    Papa.parse<string[]>(text as unknown as File, config);
  });
}

/** The table of a text, whose first row names the columns. */
export async function tableOf(name: string, text: string, legacy = false, piece = PIECE): Promise<Table> {
  if (text.includes("\0")) {
    throw new FileProblem("This is no CSV file. In a spreadsheet choose “Save as” and the type CSV.");
  }
  const [head, ...rows] = await records(text, piece);
  if (!head) throw new FileProblem("The file is empty. Its first row names the columns, the people follow.");
  if (rows.length === 0) throw new FileProblem("The file names columns and has no row below them.");
  const columns = head.cells;
  // Separators at the ends of lines make columns that have neither a name nor a value.
  while (columns.length > 1 && columns.at(-1)?.trim() === "" && rows.every((row) => !row.cells[columns.length - 1])) {
    columns.pop();
  }
  const wide = rows.find((row) => row.cells.slice(columns.length).some((cell) => cell.trim() !== ""));
  return { name, columns, rows, tooWide: wide?.number, legacy };
}

export async function readTable(file: File): Promise<Table> {
  if (file.size > FILE_MAX_BYTES)
    throw new FileProblem("The file is larger than 200 MB. Split it and import the parts.");
  const { text, legacy } = decoded(await file.arrayBuffer());
  return tableOf(file.name, text, legacy);
}
