import { describe, expect, it } from "vitest";
import type { Provision, ProvisionPlan } from "../../../api/types.ts";
import { draftOf, movesAccounts, type ProvisionDraft, problemsOf, serverName, writeOf } from "./form.ts";
import { importName, importSummary, resultWords } from "./importWords.ts";
import { defaultRules, newRow, rowOf, ruleOf, rulesProblems } from "./rules.ts";
import { lagText, planLines, pretty, shown, touched } from "./words.ts";

const typed = (patch: Partial<ProvisionDraft> = {}): ProvisionDraft => ({
  ...draftOf(null),
  baseUrl: "https://app.example/scim/v2",
  secret: "key",
  ...patch,
});

describe("how accounts are sent to an application", () => {
  it("goes from the form to the API and back unchanged", () => {
    const written = writeOf(typed({ action: "deleteAfter", days: 14, manageGroups: false }));
    expect(written.authentication).toEqual({ type: "bearer", secret: "key" });
    const saved = {
      ...written,
      active: false,
      authentication: { type: "bearer", secretSet: true },
    } as Provision;
    const again = writeOf(draftOf(saved));
    expect(again).toEqual({ ...written, authentication: { type: "bearer" } });
  });

  it("keeps a secret that is not typed, and asks for one of another kind", () => {
    const saved = { ...writeOf(typed()), active: true, authentication: { type: "bearer", secretSet: true } };
    const draft = { ...draftOf(saved as Provision) };
    expect(problemsOf(draft, saved as Provision)).toEqual({});
    expect(problemsOf({ ...draft, authType: "oauth" }, saved as Provision)).toMatchObject({
      secret: "Enter the client secret.",
      tokenUrl: expect.stringContaining("token URL"),
      clientId: "Enter the client ID.",
    });
  });

  it("says at the field what is wrong with it", () => {
    expect(problemsOf(typed(), null)).toEqual({});
    expect(problemsOf(typed({ baseUrl: "app.example" }), null).baseUrl).toContain("https://");
    expect(problemsOf(typed({ baseUrl: "https://a.example/?x=1" }), null).baseUrl).toContain("?");
    expect(problemsOf(typed({ baseUrl: "https://me:you@a.example" }), null).baseUrl).toContain("password");
    expect(problemsOf(typed({ secret: " " }), null).secret).toBe("Enter the token key.");
    expect(problemsOf(typed({ testUserEmail: "nobody" }), null).testUserEmail).toContain("@");
    expect(problemsOf(typed({ authType: "header", headerName: "x y" }), null).headerName).toBeDefined();
    expect(problemsOf(typed({ action: "deleteAfter", days: "" }), null).days).toBeDefined();
    expect(problemsOf(typed({ guardCount: "", guardPercent: "" }), null)).toEqual({});
    expect(problemsOf(typed({ guardPercent: 0 }), null).guardPercent).toBeDefined();
    expect(problemsOf(typed({ perSecond: 1001 }), null).perSecond).toBeDefined();
    expect(problemsOf(typed({ perSecond: 20 }), null)).toEqual({});
  });

  it("has no limit where none is entered", () => {
    expect(writeOf(typed({ guardCount: "", guardPercent: 5 })).guard).toEqual({ count: null, percent: 5 });
  });

  it("knows the server's names, and what moves accounts", () => {
    expect(serverName("secret")).toBe("authentication.secret");
    expect(serverName("baseUrl")).toBe("baseUrl");
    expect(movesAccounts(["testUserEmail", "guardCount"])).toBe(false);
    expect(movesAccounts(["rules"])).toBe(true);
    expect(movesAccounts(["action"])).toBe(true);
  });
});

describe("the attribute mapping", () => {
  it("goes into rows and back", () => {
    const rules = [
      { target: "title", attribute: "jobTitle", when: "always" as const, condition: 'department equals "Sales"' },
      { target: "title", attribute: "jobTitle", when: "always" as const },
      { target: "active", constant: true, when: "always" as const },
      { target: "displayName", template: "{firstname} {lastname}", when: "onlyAtCreation" as const },
      { target: "userType", constant: "Contractor", when: "always" as const },
    ];
    expect(rules.map(rowOf).map(ruleOf)).toEqual(rules);
    expect(ruleOf(newRow())).toBeNull();
  });

  it("is refused where a row has one side, is there twice, or userName is missing", () => {
    expect(rulesProblems(defaultRules)).toBeUndefined();
    expect(rulesProblems([...defaultRules, newRow()])).toBeUndefined();
    expect(rulesProblems([...defaultRules, { ...newRow(), target: "title2" }])?.index).toBe(defaultRules.length);
    expect(rulesProblems([...defaultRules, { ...newRow(), target: "TITLE", value: "x" }])?.message).toContain("twice");
    expect(rulesProblems(defaultRules.slice(1))?.message).toContain("userName");
    const text = { ...newRow(), target: "nickName", source: "template" as const, value: "{first name}" };
    expect(rulesProblems([...defaultRules, text])?.message).toContain("braces");
  });
});

describe("provisioning in words", () => {
  const counts = { create: 1, update: 0, adopt: 2, deactivate: 0, delete: 0, reactivate: 0, none: 4, conflict: 1 };
  const plan: ProvisionPlan = { counts, guarded: false, items: [] };

  it("tells a plan in numbers, the gravest first", () => {
    expect(touched(plan)).toBe(4);
    expect(planLines(plan).map((line) => line.action)).toEqual(["conflict", "create", "adopt", "none"]);
    expect(planLines(plan)[1]?.text).toBe("1 is created");
  });

  it("shows values, lags and answers so that they can be read", () => {
    expect([undefined, null, '""', '"x"', "[1]", "true", "x"].map(shown)).toEqual([
      "—",
      "—",
      "—",
      "x",
      "[1]",
      "true",
      "x",
    ]);
    expect([lagText(40), lagText(2500), lagText(42_000), lagText(180_000)]).toEqual([
      "40 ms",
      "2.5 s",
      "42 s",
      "3 min",
    ]);
    expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(pretty("<html>")).toBe("<html>");
  });

  it("sums up an import", () => {
    expect(
      importSummary([
        { status: "CREATED", count: 2 },
        { status: "ERROR", count: 1 },
      ]),
    ).toBe("2 created, 1 failed.");
    expect(importSummary([])).toBe("Nobody was imported.");
    expect(resultWords("something").label).toBe("something");
    expect(importName({ username: "ana", email: "", firstname: "Ana", lastname: "Okafor" })).toBe("Ana Okafor");
  });
});
