import { describe, expect, it } from "vitest";
import type { Application } from "../../api/types.ts";
import { connected, known, lacks, type Progress, steps, works } from "./quickStart.ts";

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

describe("an application that only gets accounts", () => {
  const scim = (state: string | undefined, boundUserGroups: number): Application =>
    ({
      _id: "a2",
      name: "scim",
      active: false,
      sso: {},
      boundUserGroups,
      ...(state && { identityManagement: { state } }),
    }) as unknown as Application;
  const lack = (state: string | undefined, groups: number) => lacks(connected(scim(state, groups), "Warehouse"));

  it("is unfinished until accounts are sent, and nothing is said of signing in", () => {
    expect(lack(undefined, 1)).toEqual({
      tab: "identity",
      text: "has no Identity Management yet, so no account is sent to it.",
    });
    expect(lack("off", 1)).toEqual({
      tab: "identity",
      text: "has Identity Management that is not activated, so no account is sent to it.",
    });
    expect(lack("running", 0)?.tab).toBe("groups");
    for (const state of ["running", "held", "paused", "unreachable"]) expect(lack(state, 1)).toBeUndefined();
  });

  it("is activated where its accounts are, and then is the first one that works", () => {
    const off = { people: 3, groups: 1, applications: [connected(scim("off", 1), "Warehouse")] };
    expect(steps(off)[4]).toMatchObject({ title: "Activate Warehouse", done: false, search: { tab: "identity" } });
    expect(works(off)).toBe(false);
    expect(works({ ...off, applications: [connected(scim("running", 1), "Warehouse")] })).toBe(true);
  });

  it("is another thing than one that nobody can sign in to yet", () => {
    const wiki = { id: "a1", name: "Wiki", active: false, boundGroups: 1 };
    expect(lacks(wiki)).toEqual({ tab: "sso", text: "is saved but not activated, so nobody can sign in to it." });
    expect(lacks({ ...wiki, active: true, boundGroups: 0 })?.text).toContain("nobody can open it");
    expect(lacks({ ...wiki, active: true })).toBeUndefined();
  });
});
