import { describe, expect, it } from "vitest";
import { draftOf, problemsOf, writeOf } from "./form.ts";

describe("the settings of a device", () => {
  const draft = draftOf({
    displayName: "desk",
    allowSshRootLogin: true,
    attributes: [{ name: "site", value: "Bern" }],
  });

  it("are off when nobody has made them", () => {
    expect(draft.allowSshRootLogin).toBe(true);
    expect(draft.allowPublicKeyAuthentication).toBe(false);
  });

  it("are sent alone where they changed, attributes as a whole without empty rows", () => {
    expect(writeOf(draft, [])).toEqual({});
    const edited = { ...draft, displayName: " Desk ", attributes: [...draft.attributes, { name: "", value: "" }] };
    expect(writeOf(edited, ["displayName", "attributes"])).toEqual({
      displayName: "Desk",
      attributes: [{ name: "site", value: "Bern" }],
    });
    expect(writeOf({ ...draft, allowSshRootLogin: false }, ["allowSshRootLogin"])).toEqual({
      allowSshRootLogin: false,
    });
  });

  it("name an attribute once", () => {
    const twice = [...draft.attributes, { name: "site", value: "Basel" }];
    expect(problemsOf({ ...draft, attributes: twice }).attributes).toContain("twice");
    expect(problemsOf(draft)).toEqual({});
  });
});
