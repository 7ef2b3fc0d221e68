import { describe, expect, it } from "vitest";
import { lastSecret } from "./serviceAccount.ts";

const now = new Date("2026-11-22T00:00:00Z");
const until = (...times: string[]) => times.map((expiresAt) => ({ expiresAt }));

describe("a service account's secrets", () => {
  it("count by the one that lives longest", () => {
    expect(lastSecret(until("2026-11-25T00:00:00Z", "2027-02-01T00:00:00Z"), now)).toEqual({
      state: "fine",
      at: "2027-02-01T00:00:00Z",
    });
    expect(lastSecret(until("2026-11-25T00:00:00Z"), now).state).toBe("soon");
    expect(lastSecret(until("2026-11-21T00:00:00Z"), now).state).toBe("over");
    expect(lastSecret([], now).state).toBe("none");
  });
});
