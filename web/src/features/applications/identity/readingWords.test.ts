import { expect, test } from "vitest";
import { percentOf, readingSaid, readingWords } from "./readingWords.ts";

test("how far a reading is stands in numbers, and is said by the tenth", () => {
  const far = { read: 12_300, total: 50_000 };
  expect(readingWords(far)).toBe("Reading the application: 12,300 of 50,000");
  expect(percentOf(far)).toBe(24);
  expect(readingSaid(far)).toBe("Reading the application: 20 percent");
});

test("an application that does not say how much it has is read all the same", () => {
  expect(readingWords({ read: 0, total: null })).toBe("Reading the application");
  expect(readingWords({ read: 100, total: null })).toBe("Reading the application: 100 so far");
  expect(percentOf({ read: 100, total: null })).toBeNull();
  expect(readingSaid({ read: 100, total: null })).toBe("Reading the application");
});
