import { describe, expect, it } from "vitest";
import type { EndedSession } from "../../api/types.ts";
import { noticeRows } from "./endedSession.ts";

const notice = (id: string, state: string) => ({ application: { id, name: id }, state, attempts: 1 });

describe("ended sessions", () => {
  it("show what went wrong first, then the newest", () => {
    const sessions = [
      { id: "old", endedAt: "2026-11-01T00:00:00Z", notices: [notice("a", "delivered"), notice("b", "failed")] },
      { id: "new", endedAt: "2026-11-02T00:00:00Z", notices: [notice("a", "delivered"), notice("c", "waiting")] },
    ] as unknown as EndedSession[];
    expect(noticeRows(sessions).map((row) => row.key)).toEqual(["old b", "new c", "new a", "old a"]);
  });
});
