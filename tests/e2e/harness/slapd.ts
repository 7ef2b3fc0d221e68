// OpenLDAP's server, privately on loopback, with a few people and a group. Never here: Muster.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./port.ts";

export const BASE = "dc=example,dc=org";
export const READER = `cn=admin,${BASE}`;
export const READER_PASSWORD = "of-the-reader";

const person = (uid: string) =>
  [
    `dn: uid=${uid},ou=people,${BASE}`,
    "objectClass: inetOrgPerson",
    `uid: ${uid}`,
    `cn: ${uid} Example`,
    "sn: Example",
    `givenName: ${uid}`,
    `mail: ${uid}@directory.example`,
    "title: Engineer",
  ].join("\n");

const beginning = (people: string[]) => [
  `dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example`,
  `dn: ou=people,${BASE}\nobjectClass: organizationalUnit\nou: people`,
  `dn: ou=groups,${BASE}\nobjectClass: organizationalUnit\nou: groups`,
  ...people.map(person),
  [
    `dn: cn=Engineering,ou=groups,${BASE}`,
    "objectClass: groupOfNames",
    "cn: Engineering",
    ...people.map((uid) => `member: uid=${uid},ou=people,${BASE}`),
  ].join("\n"),
];

export class Slapd {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  /** Whether there is one to start (`.ci/install` sees to it). */
  static isInstalled = () => existsSync("/usr/sbin/slapd") && existsSync("/usr/bin/ldapmodify");

  static async start(people: string[]): Promise<Slapd> {
    const folder = mkdtempSync(join(tmpdir(), "muster-slapd-"));
    mkdirSync(join(folder, "db"));
    const config = [
      ...["core", "cosine", "inetorgperson"].map((name) => `include /etc/ldap/schema/${name}.schema`),
      "modulepath /usr/lib/ldap",
      "moduleload back_mdb",
      "database mdb",
      `suffix "${BASE}"`,
      `rootdn "${READER}"`,
      `rootpw ${READER_PASSWORD}`,
      `directory ${folder}/db`,
    ];
    writeFileSync(join(folder, "slapd.conf"), `${config.join("\n")}\n`);
    writeFileSync(join(folder, "all.ldif"), `${beginning(people).join("\n\n")}\n`);
    const added = spawnSync("/usr/sbin/slapadd", ["-f", join(folder, "slapd.conf"), "-l", join(folder, "all.ldif")]);
    if (added.status !== 0) throw new Error(`slapadd: ${added.stderr}`);
    const port = await freePort();
    const flags = ["-d", "0", "-h", `ldap://127.0.0.1:${port}`, "-f", join(folder, "slapd.conf")];
    const child = spawn("/usr/sbin/slapd", flags, { stdio: "ignore" });
    for (let attempt = 0; attempt < 400; attempt++) {
      if (await answers(port)) return new Slapd(port, folder, child);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    child.kill();
    throw new Error("slapd does not begin");
  }

  /** Changes entries. */
  modify(ldif: string): void {
    const flags = ["-x", "-H", `ldap://127.0.0.1:${this.port}`, "-D", READER, "-w", READER_PASSWORD];
    const done = spawnSync("/usr/bin/ldapmodify", flags, { input: ldif });
    if (done.status !== 0) throw new Error(`ldapmodify: ${done.stderr}`);
  }

  /** Somebody goes. */
  remove(uid: string): void {
    this.modify(`dn: uid=${uid},ou=people,${BASE}\nchangetype: delete\n`);
  }

  /** Somebody comes. */
  add(uid: string): void {
    this.modify(`${person(uid).replace("\n", "\nchangetype: add\n")}\n`);
  }

  stop(): void {
    this.child.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
