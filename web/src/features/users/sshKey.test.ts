import { describe, expect, it } from "vitest";
import { fingerprint, keyProblem, readKey } from "./sshKey.ts";

const line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBA7ZAEpPacRoubyZl7dFBZbqXIoDaTIiMF/4lLTFJaj ana@laptop";

describe("an SSH key", () => {
  it("is told by type, comment and the fingerprint of ssh-keygen", async () => {
    expect(readKey(line)).toMatchObject({ type: "ssh-ed25519", comment: "ana@laptop" });
    expect(await fingerprint(line)).toBe("SHA256:4xrPT3ILyPnXfnq+R703Mj2fwnvBtoV4ZWZXo6IMjBY");
    expect(await fingerprint("ssh-rsa !!!")).toBeNull();
  });

  it("is refused when it is private, cut off or something else", () => {
    expect(keyProblem(` ${line}\n`)).toBeUndefined();
    expect(keyProblem("-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END")).toContain("private");
    expect(keyProblem(line.slice(0, 40))).toContain("not complete");
    expect(keyProblem("hello")).toContain("ssh-ed25519");
    expect(keyProblem(`${line}\n${line}`)).toContain("one line");
    expect(keyProblem("")).toBeDefined();
  });
});
