// What can be chosen in the advanced settings, in the words of the standards. Pure.

import type { Option } from "./fields.tsx";

const same = (names: string[]): Option[] => names.map((name) => ({ value: name, label: name }));

export const signing = same(["RS256", "PS256", "ES256", "ES384", "EdDSA"]);

export const keyEncryptions: Option[] = [
  { value: "RSA-OAEP-256", label: "RSA-OAEP-256" },
  { value: "ECDH-ES", label: "ECDH-ES" },
  { value: "ECDH-ES+A256KW", label: "ECDH-ES+A256KW" },
];

export const contentEncryptions: Option[] = [
  { value: "A128CBC-HS256", label: "A128CBC-HS256" },
  { value: "A128GCM", label: "A128GCM" },
  { value: "A256GCM", label: "A256GCM" },
];

export const keySources: Option[] = [
  { value: "none", label: "None" },
  { value: "uri", label: "Fetched from an address" },
  { value: "entered", label: "Entered here" },
];

export const accessTokenFormats: Option[] = [
  { value: "jwt", label: "Signed token (JWT)" },
  { value: "opaque", label: "Opaque" },
];

export const subjectTypes: Option[] = [
  { value: "public", label: "Public: the same everywhere" },
  { value: "pairwise", label: "Pairwise: another in each application" },
];

export const consents: Option[] = [
  { value: "trusted", label: "Trusted: nobody is asked" },
  { value: "required", label: "Third party: each person is asked once" },
];
