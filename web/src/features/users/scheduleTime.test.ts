import { describe, expect, it } from "vitest";
import { momentOf, problemsOfWhen, tomorrow, zoneAt } from "./scheduleTime.ts";

const now = new Date(2026, 10, 22, 22, 15);

describe("when a state changes", () => {
  it("proposes tomorrow morning, over the end of a month too", () => {
    expect(tomorrow(now)).toEqual({ day: "2026-11-23", time: "08:00" });
    expect(tomorrow(new Date(2026, 11, 31, 23, 59)).day).toBe("2027-01-01");
  });

  it("reads a day and a time in the viewer's zone", () => {
    expect(momentOf({ day: "2026-11-24", time: "08:05" })).toEqual(new Date(2026, 10, 24, 8, 5));
    expect(momentOf({ day: "", time: "08:05" })).toBeUndefined();
  });

  it("says at the field what is wrong", () => {
    expect(problemsOfWhen({ day: "", time: "08:00" }, now)).toEqual({ day: "Choose a day." });
    expect(problemsOfWhen({ day: "2026-11-23", time: "" }, now)).toEqual({ time: "Choose a time." });
    expect(problemsOfWhen({ day: "2026-11-21", time: "23:00" }, now).day).toMatch(/is over/);
    expect(problemsOfWhen({ day: "2026-11-22", time: "22:15" }, now).time).toMatch(/is past/);
    expect(problemsOfWhen({ day: "2037-01-01", time: "08:00" }, now).day).toMatch(/ten years/);
    expect(problemsOfWhen({ day: "2026-11-22", time: "22:16" }, now)).toEqual({});
  });

  it("names the zone", () => {
    expect(zoneAt(now)).toContain(Intl.DateTimeFormat().resolvedOptions().timeZone);
  });
});
