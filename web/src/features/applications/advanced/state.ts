// Which settings are in which fold, so that a fold can say what is set in it, and opens for an error. Pure.

import type { FormProps } from "./fields.tsx";
import { type AdvancedDraft, defaults } from "./settings.ts";

export const folds = {
  authentication: [
    "keySource",
    "jwksUri",
    "jwks",
    "tokenEndpointAuthSigningAlg",
    "certificateName",
    "certificateValue",
    "tlsClientCertificateBoundAccessTokens",
    "dpopBoundAccessTokens",
    "dpopNonceRequired",
  ],
  requests: [
    "requirePkce",
    "requirePushedAuthorizationRequests",
    "requireSignedRequestObject",
    "requestObjectSigningAlg",
    "authorizationSignedResponseAlg",
    "defaultMaxAge",
    "defaultAcrValues",
    "initiateLoginUri",
  ],
  tokens: [
    "accessTokenFormat",
    "accessTokenSeconds",
    "refreshTokenSeconds",
    "idTokenLifetimeSeconds",
    "idTokenEncryptedResponseAlg",
    "idTokenEncryptedResponseEnc",
    "userinfoSignedResponseAlg",
    "userinfoEncryptedResponseAlg",
    "userinfoEncryptedResponseEnc",
    "subjectType",
    "sectorIdentifierUri",
    "resources",
    "introspectAllTokens",
    "introspectionSignedResponseAlg",
  ],
  logout: [
    "backchannelLogoutUri",
    "backchannelLogoutSessionRequired",
    "frontchannelLogoutUri",
    "frontchannelLogoutSessionRequired",
  ],
  consent: ["consent"],
  grants: [
    "authorizationCode",
    "clientCredentials",
    "deviceCode",
    "tokenExchange",
    "scope",
    "tokenExchangeClients",
    "tokenExchangeImpersonation",
  ],
} as const satisfies Record<string, readonly (keyof AdvancedDraft)[]>;

export function foldState({ draft, error }: FormProps, fold: keyof typeof folds): { changed: number; forced: boolean } {
  const names: readonly (keyof AdvancedDraft)[] = folds[fold];
  return {
    changed: names.filter((name) => JSON.stringify(draft[name]) !== JSON.stringify(defaults[name])).length,
    forced: names.some((name) => error(name) !== undefined),
  };
}
