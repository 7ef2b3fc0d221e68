import { expect, test } from "vitest";
import type { UserConsent } from "../api/types.ts";
import { allowedWords } from "./ConsentTable.tsx";

test("scopes are said in words, what is not known as it is", () => {
  const consent = {
    scopes: ["email", "openid", "later"],
    claims: ["department"],
    resources: ["https://api.example/"],
  } as unknown as UserConsent;
  expect(allowedWords(consent)).toBe("e-mail address, who you are, later, department, https://api.example/");
});
