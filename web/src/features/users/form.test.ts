import { describe, expect, it } from "vitest";
import type { OrganizationSettings, User } from "../../api/types.ts";
import { addressRows } from "../../ui/contact.ts";
import { authorityChoices, draftOf, emailProblem, newDraft, problemsOf, writeOf } from "./form.ts";

const ana = {
  _id: "6740a1b2c3d4e5f600000001",
  username: "ana",
  email: "ana@acme.example",
  attributes: [{ name: "SecondaryEmail", value: "ana+x@acme.example" }],
  restrictedFields: [{ field: "email", type: "scim" }],
  state: "ACTIVATED",
} as unknown as User;

const settings = {
  newSystemUserStateDefaults: { manualEntry: "ACTIVATED", csvImport: "STAGED", applicationImport: "STAGED" },
} as OrganizationSettings;

describe("a person's form", () => {
  it("accepts an alias before the @ and explains one behind the domain", () => {
    expect(emailProblem("ana+secondary@acme.example")).toBeUndefined();
    expect(emailProblem("ana@acme.example+secondary")).toContain("ana+secondary@acme.example");
    expect(emailProblem("ana@acme.example@globex.example")).toContain("before the @");
    expect(emailProblem("ana")).toBeDefined();
    expect(emailProblem("ana@localhost")).toContain("not a full domain");
    expect(emailProblem(" ")).toBeDefined();
  });

  it("sends what changed, attributes as a whole list without blank rows", () => {
    const draft = draftOf(ana);
    draft.attributes = [...draft.attributes, { name: "", value: "" }, { name: " Level ", value: "senior" }];
    const body = writeOf(draft, ["attributes"], ana);
    expect(body).toEqual({
      username: "ana",
      email: "ana@acme.example",
      attributes: [
        { name: "SecondaryEmail", value: "ana+x@acme.example" },
        { name: "Level", value: "senior" },
      ],
    });
  });

  it("turns the password authority into a restricted field and keeps the others", () => {
    const federated = writeOf({ ...draftOf(ana), authority: "federated_identity_provider" }, ["authority"], ana);
    expect(federated.restrictedFields).toEqual([
      { field: "email", type: "scim" },
      { field: "password", type: "federated_identity_provider" },
    ]);
    const back = writeOf({ ...draftOf(ana), authority: "none" }, ["authority"], ana);
    expect(back.restrictedFields).toEqual([{ field: "email", type: "scim" }]);
  });

  it("clears an employee ID with null, since an empty one is not unique", () => {
    expect(writeOf(draftOf(ana), ["employeeIdentifier"], ana).employeeIdentifier).toBeNull();
  });

  it("sends a manager by id, none as null, and leaves blank contact rows out", () => {
    const draft = { ...draftOf({ ...ana, manager: "6740a1b2c3d4e5f600000002" }) };
    expect(draft.manager).toBe("6740a1b2c3d4e5f600000002");
    draft.phoneNumbers = [
      { type: "mobile", number: "+1 555 0100" },
      { type: "work", number: "" },
    ];
    draft.addresses = addressRows([{ type: "home", locality: "Lagos" }, { type: "work" }]);
    const body = writeOf({ ...draft, manager: "" }, ["manager", "phoneNumbers", "addresses"], ana);
    expect(body).toMatchObject({
      manager: null,
      phoneNumbers: [{ type: "mobile", number: "+1 555 0100" }],
      addresses: [{ type: "home", locality: "Lagos" }],
    });
    expect(writeOf(draft, ["department"], ana)).not.toHaveProperty("phoneNumbers");
  });

  it("names the row whose phone number is wrong, and an alternate e-mail that is none", () => {
    const draft = { ...draftOf(ana), phoneNumbers: [{ type: "work", number: "call me" }], alternateEmail: "ana" };
    expect(Object.keys(problemsOf(draft))).toEqual(["phoneNumbers[0]", "alternateEmail"]);
    expect(problemsOf(draftOf(ana))).toEqual({});
  });

  it("begins a new person as the organization's defaults say", () => {
    const draft = newDraft({
      ...settings,
      newSystemUserStateDefaults: { ...settings.newSystemUserStateDefaults, manualEntry: "STAGED" },
      systemUserDefaults: { restrictedFields: [{ field: "password", type: "federated_identity_provider" }] },
    });
    expect([draft.state, draft.authority]).toEqual(["STAGED", "federated_identity_provider"]);
  });

  it("finds attributes without a name and names that occur twice", () => {
    const draft = { ...draftOf(ana), attributes: [{ name: "", value: "x" }] };
    expect(problemsOf(draft).attributes).toContain("name");
    draft.attributes = [
      { name: "A", value: "1" },
      { name: "A", value: "2" },
    ];
    expect(problemsOf(draft).attributes).toContain("twice");
  });

  it("shows an authority that cannot be chosen anew", () => {
    expect(authorityChoices("none").map((one) => one.label)).toEqual(["None", "Federated Identity Provider"]);
    expect(authorityChoices("scim").at(-1)).toEqual({ value: "scim", label: "SCIM" });
  });
});
