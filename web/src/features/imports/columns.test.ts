import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { attributes, choiceOf, columnProblems, guess, mappingProblem, named, targetOf } from "./columns.ts";

test("the attributes are those of the server, in its order", () => {
  const source = readFileSync(new URL("../../../../crates/directory/src/user/column.rs", import.meta.url), "utf8");
  const list = /COLUMNS[^=]*= \[([\s\S]*?)\];/.exec(source)?.[1] ?? "";
  const pairs = [...list.matchAll(/\("([^"]+)", "([^"]+)"\)/g)].map(([, name, label]) => ({ name, label }));
  expect(attributes).toEqual(pairs);
});

test("names and labels mean the same, as for the server", () => {
  for (const name of ["email", "Company Email", "EMAIL", "e-mail address", "mail"]) expect(named(name)).toBe("email");
  expect(named("Cost_Center")).toBe("costCenter");
  expect(named("attributes.Badge No")).toBe("attributes.Badge No");
  expect(named("phoneNumbers.work")).toBe("phoneNumbers.work");
  expect([named("password"), named("attributes."), named(""), named("constructor")]).toEqual([null, null, null, null]);
});

test("the first of two columns that mean the same has it", () => {
  expect(guess(["E-Mail", "mail", "Surname", "Abteilung"])).toEqual(["email", null, "lastname", null]);
  // What is taken from the column's name stays what the name says it is.
  expect(guess(["Mail", "Title"])).toEqual(["email", "jobTitle"]);
});

test("a choice stands for a target and back", () => {
  expect(targetOf("attributes.", " Badge ")).toBe("attributes.Badge");
  expect(choiceOf("attributes.Badge")).toBe("attributes.");
  expect(choiceOf("phoneNumbers.work")).toBe("phoneNumbers.work");
  expect(choiceOf("phoneNumbers.satellite")).toBe("phoneNumbers.");
  expect(targetOf(choiceOf(null), "x")).toBeNull();
});

test("what is wrong with choices stands at the column", () => {
  const columns = ["mail", "", "x"];
  expect(columnProblems(columns, ["email", "email", "attributes. "])).toEqual([
    undefined,
    "“mail” is Company Email already. Choose one of the two.",
    "Give it a name.",
  ]);
  expect(columnProblems(columns, ["email", null, null])).toEqual([undefined, undefined, undefined]);
  expect(mappingProblem(["email", null], "email")).toBeUndefined();
  expect(mappingProblem(["email", null], "username")).toContain("Username");
  expect(mappingProblem(["_id"], "username")).toBeUndefined();
});
