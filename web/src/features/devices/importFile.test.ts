import { describe, expect, it } from "vitest";
import { FILE_MAX_BYTES, fileProblem, importFile, summary } from "./importFile.ts";

describe("a file of devices", () => {
  it("is JSON by how it begins, whatever it is called", () => {
    expect(importFile("a.txt", '\uFEFF  [{"displayName":"x"}]').type).toBe("application/json");
    expect(importFile("a.csv", '{"results":[]}').type).toBe("application/json");
    expect(importFile("a.json", "displayName\nx\n").type).toBe("text/csv");
  });

  it("is refused where sending it is of no use", () => {
    expect(fileProblem(3, " \n ")).toContain("empty");
    expect(fileProblem(FILE_MAX_BYTES + 1, "x")).toContain("muster device import");
    expect(fileProblem(FILE_MAX_BYTES, "x")).toBeUndefined();
  });

  it("is summed up by what occurred", () => {
    expect(summary({ created: 2, updated: 0, unchanged: 0, refused: 1 })).toBe("2 created, 1 refused");
    expect(summary({ created: 0, updated: 0, unchanged: 0, refused: 0 })).toBe("No rows");
  });
});
