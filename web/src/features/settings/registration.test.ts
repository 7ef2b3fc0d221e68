import { describe, expect, it } from "vitest";
import type { OrganizationSettings } from "../../api/types.ts";
import { registrationOf, registrationWrite, unusable } from "./registration.ts";

describe("client registration", () => {
  it("is off unless the organization says otherwise", () => {
    expect(registrationOf({} as OrganizationSettings)).toEqual({ mode: "off", userGroups: [] });
  });

  it("sends its own part of the settings only", () => {
    const settings = { clientRegistration: { mode: "token", userGroups: ["g1"] } } as OrganizationSettings;
    expect(registrationWrite(registrationOf(settings))).toEqual(settings);
  });

  it("warns when nobody could use what was registered", () => {
    expect(unusable({ mode: "token", userGroups: [] })).toBe(true);
    expect(unusable({ mode: "token", userGroups: ["g1"] })).toBe(false);
    expect(unusable({ mode: "off", userGroups: [] })).toBe(false);
  });
});
