import { expect, test } from "vitest";
import type { Application } from "../../api/types.ts";
import { accountsOf, fits } from "./listWords.ts";

const app = (state?: string, failing = 0, held = 0): Application =>
  ({
    name: "oidc",
    active: true,
    sso: { hidden: false },
    identityManagement: state ? { state, failing, held } : undefined,
  }) as unknown as Application;

test("what fails is said before what runs, and nothing of what rests", () => {
  expect(accountsOf(app())).toBeNull();
  expect(accountsOf(app("running"))).toEqual({ label: "Active", tone: "ok" });
  expect(accountsOf(app("running", 3))).toEqual({ label: "3 failing", tone: "bad" });
  expect(accountsOf(app("held", 0, 12))).toEqual({ label: "12 held", tone: "warn" });
  expect(accountsOf(app("paused", 3))?.label).toBe("Paused");
  expect(accountsOf(app("unreachable", 3))?.label).toBe("Unreachable");
});

test("the filters", () => {
  const asked = (one: Application, accounts: string) => fits(one, "Wiki", { accounts });
  expect(asked(app("running", 1), "trouble")).toBe(true);
  expect(asked(app("running"), "trouble")).toBe(false);
  expect(asked(app("paused", 1), "trouble")).toBe(false);
  expect(asked(app("unreachable"), "running")).toBe(true);
  expect(asked(app("paused"), "paused")).toBe(true);
  expect(asked(app(), "none")).toBe(true);
  expect(asked(app("off"), "none")).toBe(false);
  expect(fits(app(), "Wiki", { signOn: "active", search: "WI" })).toBe(true);
  expect(fits(app(), "Wiki", { signOn: "inactive" })).toBe(false);
});
