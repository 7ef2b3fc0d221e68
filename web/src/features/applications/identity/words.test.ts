import { expect, test } from "vitest";
import { driftWords } from "./words.ts";

test("what differs is told apart from what belongs to nobody here", () => {
  expect(driftWords(0, 0)).toBe("Everything that is kept there is as it should be.");
  expect(driftWords(1, 0)).toBe("1 account or group differs from what they should be.");
  expect(driftWords(14, 1140)).toBe(
    "14 accounts and groups differ from what they should be. 1,140 more are there that nobody here is linked to: left alone.",
  );
});
