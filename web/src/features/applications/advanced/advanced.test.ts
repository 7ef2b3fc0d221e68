import { describe, expect, it } from "vitest";
import type { Oidc, OidcWrite } from "../../../api/types.ts";
import { readDuration, said, unitOf, writeDuration } from "./duration.ts";
import { addressProblem, advancedProblems, keySetProblem } from "./problems.ts";
import { type AdvancedDraft, advancedOf, advancedWrite, defaults, grantsOf } from "./settings.ts";
import { foldState, folds } from "./state.ts";

const basic = "client_secret_basic";
const around = { redirectUris: ["https://a.example/cb"], tokenEndpointAuthMethod: basic, refresh: false };
const problems = (patch: Partial<AdvancedDraft>, more: Partial<typeof around> = {}) =>
  advancedProblems({ ...defaults, ...patch }, { ...around, ...more });

describe("the advanced settings of an application", () => {
  it("send nothing when nobody touched them", () => {
    expect(advancedWrite(defaults, "client_secret_post", {})).toEqual({});
    const held: Partial<Oidc> = {
      tokenEndpointAuthMethod: "private_key_jwt",
      jwks: { keys: [{ kty: "OKP" }] } as Oidc["jwks"],
      requirePkce: false,
      idTokenLifetimeSeconds: 120,
      accessTokenLifespan: "1h30m",
      backchannelLogoutUri: "https://a.example/bc",
      scope: "a b",
    };
    expect(advancedWrite(advancedOf(held), "private_key_jwt", held)).toEqual({});
  });

  it("send what changed, and leave out what was cleared", () => {
    const held: Partial<Oidc> = { backchannelLogoutUri: "https://a.example/bc", jwksUri: "https://a.example/keys" };
    const draft = { ...advancedOf(held), backchannelLogoutUri: " ", requirePkce: false, accessTokenSeconds: 900 };
    const body = advancedWrite(draft, basic, held);
    expect(body).toEqual({ backchannelLogoutUri: undefined, requirePkce: false, accessTokenLifespan: "15m" });
    expect(JSON.stringify(body)).not.toContain("backchannel");
    expect(advancedWrite({ ...advancedOf(held), keySource: "none" }, basic, held)).toEqual({ jwksUri: undefined });
  });

  it("drop what only the former way to authenticate needed", () => {
    const held: Partial<Oidc> = { tokenEndpointAuthMethod: "tls_client_auth", tlsClientAuthSanDns: "a.example" };
    const draft = advancedOf(held);
    expect(draft).toMatchObject({ certificateName: "tlsClientAuthSanDns", certificateValue: "a.example" });
    expect(advancedWrite(draft, basic, held)).toEqual({ tlsClientAuthSanDns: undefined });
    expect(advancedWrite({ ...draft, certificateName: "tlsClientAuthSubjectDn" }, "tls_client_auth", held)).toEqual({
      tlsClientAuthSanDns: undefined,
      tlsClientAuthSubjectDn: "a.example",
    });
  });

  it("keep grant types that the form does not know", () => {
    const before = { grantTypes: ["authorization_code", "urn:custom"] } as unknown as OidcWrite;
    const draft = { ...advancedOf(before as unknown as Oidc), refresh: true, deviceCode: true };
    expect(grantsOf(draft, before)).toEqual([
      "authorization_code",
      "refresh_token",
      "urn:ietf:params:oauth:grant-type:device_code",
      "urn:custom",
    ]);
  });

  it("ask for what the chosen way to authenticate stands on", () => {
    expect(problems({}, { tokenEndpointAuthMethod: "private_key_jwt" })).toHaveProperty("keySource");
    expect(problems({}, { tokenEndpointAuthMethod: "tls_client_auth" })).toHaveProperty("certificateValue");
    expect(problems({ clientCredentials: true }, { tokenEndpointAuthMethod: "none" })).toHaveProperty(
      "clientCredentials",
    );
    expect(problems({})).toEqual({});
  });

  it("refuse private keys, and say what a key set is", () => {
    expect(keySetProblem('{"keys":[{"kty":"EC","d":"x"}]}')).toContain("private");
    expect(keySetProblem('{"keys":[{"kty":"oct","k":"x"}]}')).toContain("private");
    expect(keySetProblem("hello")).toContain("JSON");
    expect(keySetProblem('{"keys":[]}')).toBeDefined();
    expect(keySetProblem("[]")).toContain("keys");
    expect(keySetProblem('{"keys":[{"kty":"EC","x":"x"}]}')).toBeUndefined();
  });

  it("want https but for one's own machine", () => {
    expect(addressProblem("https://a.example/x")).toBeUndefined();
    expect(addressProblem("http://127.0.0.1:9000/x")).toBeUndefined();
    expect(addressProblem("http://a.example/x")).toContain("https");
    expect(addressProblem("https://a.example/#x")).toContain("#");
    expect(addressProblem("a.example")).toBeDefined();
  });

  it("name the field for the rest of what the server would refuse", () => {
    expect(problems({ frontchannelLogoutUri: "https://b.example/fc" })).toHaveProperty("frontchannelLogoutUri");
    expect(problems({ frontchannelLogoutUri: "https://a.example/fc" })).toEqual({});
    expect(problems({ idTokenEncryptedResponseAlg: "ECDH-ES" })).toHaveProperty("idTokenEncryptedResponseAlg");
    const several = { redirectUris: ["https://a.example/", "https://b.example/"] };
    expect(problems({ subjectType: "pairwise" }, several)).toHaveProperty("sectorIdentifierUri");
    expect(problems({ subjectType: "pairwise" })).toEqual({});
    expect(problems({ accessTokenSeconds: 5 }).accessTokenSeconds).toBe("From 1 minute to 1 day.");
    expect(problems({ refreshTokenSeconds: "" })).toEqual({});
    expect(problems({ refreshTokenSeconds: "" }, { refresh: true })).toHaveProperty("refreshTokenSeconds");
    expect(problems({ scope: ["openid"], clientCredentials: true })).toHaveProperty("scope");
    expect(problems({ authorizationCode: false })).toHaveProperty("authorizationCode");
    expect(problems({ resources: ["api"] })).toHaveProperty("resources");
  });

  it("count what is set in each fold, every setting in one", () => {
    const form = {
      draft: { ...defaults, requirePkce: false, resources: ["x"] },
      set: () => {},
      error: () => undefined,
    };
    expect(foldState(form as never, "requests")).toEqual({ changed: 1, forced: false });
    expect(foldState({ ...form, error: () => "wrong" } as never, "logout").forced).toBe(true);
    expect(Object.values(folds).flat().toSorted()).toEqual(Object.keys(defaults).toSorted());
  });
});

describe("a length of time", () => {
  it("is read and written as the API does, and said in its largest whole unit", () => {
    for (const [text, seconds] of [
      ["1h", 3600],
      ["1h30m", 5400],
      ["45s", 45],
      ["720h", 2_592_000],
    ] as const) {
      expect(readDuration(text)).toBe(seconds);
      expect(writeDuration(seconds)).toBe(text);
    }
    expect(writeDuration(0)).toBe("0s");
    expect([readDuration("1d"), readDuration(""), readDuration(undefined)]).toEqual([undefined, undefined, undefined]);
    expect([unitOf(3600), unitOf(5400), unitOf(86_400), unitOf(""), unitOf(45)]).toEqual(["h", "m", "d", "m", "s"]);
    expect([said(3600), said(5400), said(2_592_000)]).toEqual(["1 hour", "90 minutes", "30 days"]);
  });
});
