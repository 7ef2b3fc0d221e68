import { describe, expect, it } from "vitest";
import { shares } from "./people.ts";

describe("the people of an organization", () => {
  it("are in one part each", () => {
    const parts = shares({ total: 10, staged: 1, suspended: 2, pending: 3 });
    expect(parts.map((part) => part.count)).toEqual([4, 3, 1, 2]);
    expect(parts.reduce((sum, part) => sum + part.count, 0)).toBe(10);
  });

  it("show no part that is empty, and never less than nobody", () => {
    expect(shares({ total: 2, staged: 0, suspended: 0, pending: 0 }).map((part) => part.label)).toEqual([
      "Can sign in",
    ]);
    // Counts are asked one after the other: somebody may be deleted meanwhile.
    expect(shares({ total: 1, staged: 1, suspended: 1, pending: 0 })[0]?.count).toBe(0);
  });
});
