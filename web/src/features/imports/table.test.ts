import { expect, test } from "vitest";
import { decoded, tableOf } from "./table.ts";

test("a table has names, rows with the numbers of a spreadsheet, and no blank rows", async () => {
  const table = await tableOf("a.csv", 'E-Mail;Note\r\na@x.example;"two\r\nlines"\r\n\r\nb@x.example;;\r\n');
  expect(table.columns).toEqual(["E-Mail", "Note"]);
  expect(table.rows).toEqual([
    { number: 2, cells: ["a@x.example", "two\r\nlines"] },
    { number: 4, cells: ["b@x.example", "", ""] },
  ]);
  expect(table.tooWide).toBeUndefined();
});

test("a long file is read in pieces, and the page answers in between", async () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => `p${n}@x.example,"Zoë, ${n}"`);
  let answered = 0;
  const beat = setInterval(() => {
    answered += 1;
  }, 0);
  const table = await tableOf("a.csv", `email,name\n${rows.join("\n")}`, false, 10_000);
  clearInterval(beat);
  expect(table.rows).toHaveLength(20_000);
  expect(table.rows[7777]).toEqual({ number: 7779, cells: ["p7777@x.example", "Zoë, 7777"] });
  expect(answered).toBeGreaterThan(10);
});

test("what is no table of people says what to do", async () => {
  await expect(tableOf("a", "")).rejects.toThrow("The file is empty");
  await expect(tableOf("a", "email,name\n")).rejects.toThrow("no row below");
  await expect(tableOf("a", "PK\0\0")).rejects.toThrow("no CSV file");
  await expect(tableOf("a", 'email,name\na,b\nc,"d\ne,f')).rejects.toThrow("A quote in row 3 is never closed");
});

test("empty columns at the end are dropped, and a row that is too wide is told", async () => {
  const table = await tableOf("a", "email,name,,\na,b,,\nc,d,,\n");
  expect(table.columns).toEqual(["email", "name"]);
  expect((await tableOf("a", "email,name\na,b\nc,Doe, Jane\n")).tooWide).toBe(3);
});

test("text is read in the encoding that it has", () => {
  const bytes = (list: number[]) => new Uint8Array(list).buffer;
  expect(decoded(bytes([0xef, 0xbb, 0xbf, 0x5a, 0x6f, 0xc3, 0xab]))).toEqual({ text: "Zoë", legacy: false });
  expect(decoded(bytes([0x5a, 0x6f, 0xeb]))).toEqual({ text: "Zoë", legacy: true });
  expect(decoded(bytes([0xff, 0xfe, 0x5a, 0x00]))).toEqual({ text: "Z", legacy: false });
});
