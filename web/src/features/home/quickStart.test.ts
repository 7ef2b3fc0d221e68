import { describe, expect, it } from "vitest";
import { known, type Progress, steps, works } from "./quickStart.ts";

const empty: Progress = { people: 0, groups: 0, applications: [] };
const wiki = { id: "a1", name: "Wiki", active: false, boundGroups: 0 };

describe("the quick start", () => {
  it("begins with nothing done", () => {
    expect(steps(empty).map((step) => step.done)).toEqual([false, false, false, false, false]);
    expect(works(empty)).toBe(false);
  });

  it("leads to the very application that is not ready", () => {
    const found = steps({ people: 3, groups: 1, applications: [wiki] });
    expect(found.map((step) => step.done)).toEqual([true, true, true, false, false]);
    expect(found[3]).toMatchObject({
      title: "Give Wiki to a group",
      params: { applicationId: "a1" },
      search: { tab: "groups" },
    });
    expect(found[4]).toMatchObject({ title: "Activate Wiki", search: { tab: "sso" } });
  });

  it("is over when an application is active for a group, not before", () => {
    const active = { ...wiki, active: true };
    expect(works({ ...empty, applications: [active] })).toBe(false);
    expect(works({ ...empty, applications: [{ ...active, boundGroups: 1 }] })).toBe(true);
    expect(known({ ...empty, people: undefined })).toBe(false);
    expect(known(empty)).toBe(true);
  });
});
