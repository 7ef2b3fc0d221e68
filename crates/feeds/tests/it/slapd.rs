//! OpenLDAP's server, privately on loopback, with people and groups in it.

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use muster_directory::feed::{Ldap, LdapSecurity};

pub const BASE: &str = "dc=example,dc=org";
pub const ADMIN: &str = "cn=admin,dc=example,dc=org";
pub const PASSWORD: &str = "of-slapd";

/// A server; it ends with the value.
pub struct Slapd {
    folder: tempfile::TempDir,
    child: Child,
    plain: u16,
    tls: u16,
    certificate: String,
}

impl Drop for Slapd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const BEGINNING: &str = "dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: people

dn: ou=groups,dc=example,dc=org
objectClass: organizationalUnit
ou: groups

";

/// Somebody, as LDIF.
pub fn person(uid: &str, more: &str) -> String {
    let more = if more.is_empty() { String::new() } else { format!("{more}\n") };
    format!(
        "dn: uid={uid},ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {uid} Of-Example\nsn: Of-Example\n\
         givenName: {uid}\nmail: {uid}@example.org\n{more}\n"
    )
}

/// A group, as LDIF.
pub fn group(name: &str, members: &[&str]) -> String {
    let members: String = members.iter().map(|dn| format!("member: {dn},{BASE}\n")).collect();
    format!("dn: cn={name},ou=groups,{BASE}\nobjectClass: groupOfNames\ncn: {name}\n{members}\n")
}

impl Slapd {
    /// Starts one with these entries; `None` where it is not installed: `.ci/install` does, and the test says that it was
    /// left out.
    pub async fn start(ldif: &str) -> Option<Self> {
        if !Path::new("/usr/sbin/slapd").exists() {
            #[expect(clippy::print_stderr, reason = "a test that is left out says so")]
            {
                eprintln!("LEFT OUT: slapd is not installed (run .ci/install)");
            }
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        std::fs::create_dir(at.join("db")).unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["localhost".into(), "127.0.0.1".into()]).unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        std::fs::write(at.join("cert.pem"), &certificate).unwrap();
        std::fs::write(at.join("key.pem"), key.serialize_pem()).unwrap();
        let shown = at.display();
        let conf = format!(
            "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\n\
             include /etc/ldap/schema/inetorgperson.schema\ninclude /etc/ldap/schema/nis.schema\n\
             attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY caseIgnoreMatch \
             SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )\n\
             objectclass ( 1.3.6.1.4.1.99999.1 NAME 'adUser' AUXILIARY MAY userAccountControl )\n\
             modulepath /usr/lib/ldap\nmoduleload back_mdb\npidfile {shown}/pid\n\
             TLSCertificateFile {shown}/cert.pem\nTLSCertificateKeyFile {shown}/key.pem\n\
             sizelimit size.soft=500 size.hard=500 size.prtotal=unlimited\n\
             database mdb\nsuffix \"{BASE}\"\nrootdn \"{ADMIN}\"\nrootpw {PASSWORD}\ndirectory {shown}/db\n\
             access to attrs=userPassword by * auth\naccess to * by * read\n"
        );
        std::fs::write(at.join("slapd.conf"), conf).unwrap();
        std::fs::write(at.join("all.ldif"), format!("{BEGINNING}{ldif}")).unwrap();
        let conf = at.join("slapd.conf");
        let added = Command::new("/usr/sbin/slapadd").arg("-f").arg(&conf).arg("-l").arg(at.join("all.ldif")).output();
        let added = added.unwrap();
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        let (plain, tls) = (free_port(), free_port());
        let urls = format!("ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{tls}");
        let child = Command::new("/usr/sbin/slapd")
            .args(["-d", "0", "-h", &urls, "-f"])
            .arg(&conf)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let slapd = Self { folder, child, plain, tls, certificate };
        for _ in 0..2_000 {
            if tokio::net::TcpStream::connect(("127.0.0.1", tls)).await.is_ok() {
                return Some(slapd);
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("slapd does not begin: {}", slapd.folder.path().display());
    }

    /// How it is reached.
    pub fn ldap(&self, security: LdapSecurity) -> Ldap {
        Ldap {
            host: "127.0.0.1".into(),
            port: Some(if security == LdapSecurity::Ldaps { self.tls } else { self.plain }),
            security,
            certificates: Some(self.certificate.clone()),
            bind_dn: ADMIN.into(),
            base_dn: BASE.into(),
            ..Ldap::default()
        }
    }

    /// Changes entries.
    pub fn modify(&self, ldif: &str) {
        let mut child = Command::new("/usr/bin/ldapmodify")
            .args(["-x", "-H", &format!("ldap://127.0.0.1:{}", self.plain), "-D", ADMIN, "-w", PASSWORD])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(ldif.as_bytes()).unwrap();
        let out = child.wait_with_output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }

    /// Removes somebody.
    pub fn delete(&self, rdn: &str) {
        self.modify(&format!("dn: {rdn},{BASE}\nchangetype: delete\n"));
    }

    /// Adds an entry.
    pub fn add(&self, ldif: &str) {
        self.modify(&ldif.replacen('\n', "\nchangetype: add\n", 1));
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
