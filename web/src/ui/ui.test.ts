import { describe, expect, it } from "vitest";
import { strengthOf } from "../features/portal/strength.ts";
import { changedKeys } from "./draft.ts";
import { covers } from "./Note.tsx";
import { filled } from "./PairRows.tsx";
import { difference } from "./PickList.tsx";
import { deviceName } from "./SessionTable.tsx";
import { relative } from "./time.tsx";

describe("small parts", () => {
  it("counts the fields that differ", () => {
    expect(changedKeys({ a: 1, b: [1] }, { a: 1, b: [1] })).toEqual([]);
    expect(changedKeys({ a: 1, b: [1] }, { a: 2, b: [2] })).toEqual(["a", "b"]);
  });

  it("knows which field an error path belongs to", () => {
    expect(covers("oidc.redirectUris", "oidc.redirectUris[0]")).toBe(true);
    expect(covers("attributes", "attributes.0.name")).toBe(true);
    expect(covers("name", "nameOther")).toBe(false);
  });

  it("drops blank rows and trims the others", () => {
    expect(
      filled([
        { name: " a ", value: "1" },
        { name: "", value: " " },
      ]),
    ).toEqual([{ name: "a", value: "1" }]);
  });

  it("tells what to add and remove", () => {
    expect(difference(new Set(["a", "b"]), new Set(["b", "c"]))).toEqual({ added: ["c"], removed: ["a"] });
  });

  it("says times as people do", () => {
    const now = new Date("2026-05-01T12:00:00Z");
    const past = (seconds: number) => new Date(now.getTime() - seconds * 1000);
    expect(relative(past(5), now)).toBe("just now");
    expect(relative(past(180), now)).toMatch(/3 min/);
    expect(relative(past(86_400), now)).toMatch(/yesterday|1 day/);
  });

  it("names devices", () => {
    expect(deviceName("Mozilla/5.0 (X11; Linux x86_64) Chrome/129.0 Safari/537.36")).toBe("Chrome on Linux");
    expect(deviceName("")).toBe("Unknown device");
  });

  it("rates passwords by what cannot be guessed", () => {
    expect(strengthOf("").score).toBe(0);
    expect(strengthOf("password123").score).toBe(1);
    expect(strengthOf("aaaaaaaaaaaaaaaa").score).toBe(1);
    expect(strengthOf("violet kettle under ninth moon").score).toBe(4);
  });
});
