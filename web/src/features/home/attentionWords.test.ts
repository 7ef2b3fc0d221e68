import { expect, test } from "vitest";
import { partsOf } from "./attentionWords.ts";

test("a link of the server leads to a page and its tab", () => {
  expect(partsOf("/console/acme/sso-applications/5f?tab=identity")).toEqual({
    to: "/console/acme/sso-applications/5f",
    search: { tab: "identity" },
  });
  expect(partsOf("/console/acme/settings/keys")).toEqual({ to: "/console/acme/settings/keys", search: {} });
});
