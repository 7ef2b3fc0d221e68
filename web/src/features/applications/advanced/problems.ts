// What must be mended in the advanced settings before they can be saved, by field. Pure.

import { said } from "./duration.ts";
import type { AdvancedDraft } from "./settings.ts";

export type AdvancedProblems = Partial<Record<keyof AdvancedDraft, string>>;

interface Around {
  redirectUris: string[];
  tokenEndpointAuthMethod: string;
  refresh: boolean;
}

const personal = new Set(["openid", "profile", "email", "address", "phone", "groups", "offline_access"]);
const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/;

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** What is wrong with an address; `http` is for programs on one's own machine. */
export function addressProblem(text: string): string | undefined {
  const value = text.trim();
  if (value === "") return undefined;
  const url = parsed(value);
  if (!url?.host) return "Enter a full address that starts with https://";
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback.test(url.hostname))) {
    return "The address must start with https://";
  }
  if (url.hash || value.endsWith("#")) return "The address must not contain a # part.";
  return undefined;
}

/** What is wrong with a pasted key set. */
export function keySetProblem(text: string): string | undefined {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    return "This is not JSON. Paste a key set: an object with a list called “keys”.";
  }
  const keys = (set as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) return "A key set is an object with a list called “keys”.";
  if (keys.length === 0 || keys.length > 16) return "A key set has 1 to 16 keys.";
  const secret = keys.some((key: { d?: unknown; kty?: unknown }) => key?.d !== undefined || key?.kty === "oct");
  if (secret) return "It holds a private key. Paste the public keys only, and replace the one that was shown here.";
  return undefined;
}

function range(seconds: number | "", least: number, most: number): string | undefined {
  if (seconds !== "" && seconds >= least && seconds <= most) return undefined;
  return `From ${said(least)} to ${said(most)}.`;
}

function authentication(draft: AdvancedDraft, method: string): AdvancedProblems {
  const found: AdvancedProblems = {};
  const needsKeys = method === "private_key_jwt" || method === "self_signed_tls_client_auth";
  if (draft.keySource === "none" && needsKeys) {
    found.keySource = "This way to authenticate needs the application's public keys.";
  }
  if (draft.keySource === "uri") {
    const problem = draft.jwksUri.trim() === "" ? "Enter the address of the keys." : addressProblem(draft.jwksUri);
    if (problem) found.jwksUri = problem;
  }
  if (draft.keySource === "entered") {
    const problem = keySetProblem(draft.jwks);
    if (problem) found.jwks = problem;
  }
  if (method === "tls_client_auth" && draft.certificateValue.trim() === "") {
    found.certificateValue = "Enter the name that stands in the application's certificate.";
  }
  return found;
}

function tokens(draft: AdvancedDraft, around: Around): AdvancedProblems {
  const found: AdvancedProblems = {};
  const lifetimes: [keyof AdvancedDraft, string | undefined][] = [
    ["accessTokenSeconds", range(draft.accessTokenSeconds, 60, 86_400)],
    ["idTokenLifetimeSeconds", range(draft.idTokenLifetimeSeconds, 60, 86_400)],
    ["refreshTokenSeconds", around.refresh ? range(draft.refreshTokenSeconds, 300, 400 * 86_400) : undefined],
  ];
  for (const [name, problem] of lifetimes) if (problem) found[name] = problem;
  for (const name of ["idTokenEncryptedResponseAlg", "userinfoEncryptedResponseAlg"] as const) {
    if (draft[name] !== "" && draft.keySource === "none") {
      found[name] = "Encryption needs the application's public keys: give them under Client authentication and keys.";
    }
  }
  if (draft.subjectType === "pairwise") {
    const hosts = new Set(around.redirectUris.map((uri) => parsed(uri.trim())?.hostname).filter((host) => host));
    const several = draft.sectorIdentifierUri.trim() === "" && hosts.size > 1;
    const problem = several
      ? "The redirect URIs are on several hosts: name the address that lists them all."
      : addressProblem(draft.sectorIdentifierUri);
    if (problem) found.sectorIdentifierUri = problem;
  }
  const resource = draft.resources.find((one) => !parsed(one) || one.includes("#"));
  if (resource) found.resources = `“${resource}” is not a full address without a # part.`;
  return found;
}

function logout(draft: AdvancedDraft, around: Around): AdvancedProblems {
  const found: AdvancedProblems = {};
  const back = addressProblem(draft.backchannelLogoutUri);
  if (back) found.backchannelLogoutUri = back;
  const origin = parsed(draft.frontchannelLogoutUri.trim())?.origin;
  const known = around.redirectUris.some((uri) => parsed(uri.trim())?.origin === origin);
  const elsewhere = origin && !known ? "It must be on the same host and port as one of the redirect URIs." : undefined;
  const front = addressProblem(draft.frontchannelLogoutUri) ?? elsewhere;
  if (front) found.frontchannelLogoutUri = front;
  return found;
}

function grants(draft: AdvancedDraft, around: Around): AdvancedProblems {
  const found: AdvancedProblems = {};
  const { authorizationCode, clientCredentials, deviceCode, tokenExchange } = draft;
  const isPublic = around.tokenEndpointAuthMethod === "none";
  if (!authorizationCode && !clientCredentials && !deviceCode && !tokenExchange) {
    found.authorizationCode = "Allow at least one way to get tokens.";
  } else if (around.refresh && !authorizationCode && !deviceCode) {
    found.authorizationCode = "Refresh tokens come with a sign-in: allow it, or turn refresh tokens off.";
  }
  const alone = "A public application cannot prove who it is, so it cannot use this.";
  if (isPublic && clientCredentials) found.clientCredentials = alone;
  if (isPublic && tokenExchange) found.tokenExchange = alone;
  const about = draft.scope.find((scope) => personal.has(scope));
  if (about) found.scope = `“${about}” is about people, and here the application asks for itself: leave it out.`;
  const wrong = draft.scope.find((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope));
  if (wrong) found.scope = `“${wrong}”: a scope has no spaces, quotes or backslashes.`;
  return found;
}

export function advancedProblems(draft: AdvancedDraft, around: Around): AdvancedProblems {
  const found: AdvancedProblems = {
    ...authentication(draft, around.tokenEndpointAuthMethod),
    ...tokens(draft, around),
    ...logout(draft, around),
    ...grants(draft, around),
  };
  const login = addressProblem(draft.initiateLoginUri);
  if (login) found.initiateLoginUri = login;
  if (draft.defaultAcrValues.some((one) => /\s/.test(one))) found.defaultAcrValues = "A class has no spaces.";
  return found;
}
