import { describe, expect, it } from "vitest";
import type { Application, ApplicationSso } from "../../api/types.ts";
import { draftOf, generalWrite, problemsOf, ssoChanged, ssoWrite, tabOfProblem } from "./form.ts";

const application = {
  _id: "6740a1b2c3d4e5f600000001",
  name: "oidc",
  displayName: "OpenID Connect",
  displayLabel: "Wiki",
  description: "",
  active: false,
  config: {},
  sso: { type: "oidc", hidden: true },
  logo: null,
} as unknown as Application;

describe("an application's form", () => {
  it("starts as the seeds expect", () => {
    const draft = draftOf(application, null, []);
    expect(draft.tokenEndpointAuthMethod).toBe("client_secret_post");
    expect(draft.idTokenSignedResponseAlg).toBe("RS256");
    expect(draft.hidden).toBe(true);
  });

  it("leaves blank rows out, asks for both halves of a mapping and for a redirect URI", () => {
    const draft = { ...draftOf(application, null, []), redirectUris: [" https://a.example/cb ", ""] };
    draft.dynamicClaims = [
      { name: "email", value: "SecondaryEmail" },
      { name: "", value: "" },
    ];
    expect(problemsOf(draft)).toEqual({});
    const body = ssoWrite(draft, null);
    expect(body.oidc.redirectUris).toEqual(["https://a.example/cb"]);
    expect(body.oidc.dynamicClaims).toEqual([{ name: "email", value: "SecondaryEmail" }]);
    expect(problemsOf({ ...draft, dynamicClaims: [{ name: "email", value: "" }] }).dynamicClaims).toBeDefined();
    expect(problemsOf({ ...draft, redirectUris: [] }).redirectUris).toBeDefined();
    expect(problemsOf({ ...draft, redirectUris: ["a.example/cb"] }).redirectUris).toContain("https://");
    expect(problemsOf({ ...draft, redirectUris: ["https://*.a.example/cb"] }).redirectUris).toContain("wildcards");
  });

  it("keeps what it does not edit, and never sends secrets back", () => {
    const before = {
      type: "oidc",
      hidden: true,
      oidc: {
        clientId: "x",
        clientSecret: "y",
        issuer: "https://m.example/o/a",
        secrets: [],
        redirectUris: ["https://a.example/cb"],
        postLogoutRedirectUris: [],
        grantTypes: ["authorization_code", "urn:custom"],
        jwksUri: "https://a.example/keys",
        tokenEndpointAuthMethod: "none",
        relyingPartyUrl: "",
        dynamicClaims: [],
        constantClaims: [],
        groupsClaim: { name: "roles", stringWhenOne: true },
        idTokenSignedResponseAlg: "ES256",
        accessTokenLifespan: "15m",
      },
    } as unknown as ApplicationSso;
    const { oidc } = ssoWrite({ ...draftOf(application, before, []), refresh: true }, before);
    expect(oidc.accessTokenLifespan).toBe("15m");
    expect(oidc.grantTypes).toEqual(["authorization_code", "refresh_token", "urn:custom"]);
    expect(oidc.groupsClaim).toEqual({ name: "roles", stringWhenOne: true });
    expect(oidc.jwksUri).toBe("https://a.example/keys");
    expect(oidc).not.toHaveProperty("clientSecret");
    expect(oidc).not.toHaveProperty("secrets");
  });

  it("writes the v1 part whole, since v1 replaces", () => {
    const body = generalWrite({ ...draftOf(application, null, []), displayLabel: " New " }, application, true);
    expect(body).toMatchObject({
      name: "oidc",
      displayLabel: "New",
      active: true,
      sso: { type: "oidc", hidden: true },
    });
  });

  it("knows which part an edit belongs to and where a problem stands", () => {
    expect(ssoChanged(["displayLabel", "logo", "userGroups"])).toBe(false);
    expect(ssoChanged(["hidden"])).toBe(true);
    expect(ssoChanged(["relyingPartyUrl"])).toBe(true);
    expect(tabOfProblem(["oidc.redirectUris[0]"])).toBe("sso");
    expect(tabOfProblem(["displayLabel"])).toBe("general");
    expect(tabOfProblem([])).toBeUndefined();
  });
});
