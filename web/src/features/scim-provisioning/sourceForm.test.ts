import { expect, test } from "vitest";
import { attributesOf, sourceDraftOf, sourceWriteOf } from "./sourceForm.ts";

test("attributes are read line by line, and an empty one is not read", () => {
  expect(attributesOf("email = mailPrimary\n\n jobTitle =\n")).toEqual({ email: "mailPrimary", jobTitle: "" });
});

test("a secret that was not typed is not sent", () => {
  const draft = { ...sourceDraftOf(null), host: " ldap.example ", baseDn: "dc=x" };
  const write = sourceWriteOf(draft, "ldap");
  expect(write).not.toHaveProperty("secret");
  expect(write.ldap).toMatchObject({ host: "ldap.example", port: null, security: "ldaps" });
  expect(sourceWriteOf({ ...draft, secret: "x" }, "ldap").secret).toBe("x");
});

test("Google has no LDAP in it", () => {
  const write = sourceWriteOf({ ...sourceDraftOf(null), adminEmail: "a@b.test" }, "google_workspace");
  expect(write.ldap).toBeUndefined();
  expect(write.google).toMatchObject({ adminEmail: "a@b.test", customer: "my_customer", domain: null });
});
