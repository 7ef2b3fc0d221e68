//! An LDAP server that answers every search with the same, as often as it is said: one that means no good.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use muster_directory::feed::{Ldap, LdapSecurity};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What it does.
#[derive(Clone)]
pub enum Does {
    /// It sends entries of these attributes to each search, so many; to the first one others.
    Entries(Vec<(String, Vec<Vec<u8>>)>, usize, Vec<Vec<(String, Vec<Vec<u8>>)>>),
    /// It says nothing.
    Silent,
    /// It says a byte now and then.
    Slow,
}

#[derive(Clone)]
pub struct LdapServer {
    port: u16,
    /// Entries that it could send.
    pub sent: Arc<AtomicUsize>,
}

fn element(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[tag, 0x84], &length[..], body].concat()
}

fn entry(id: u8, n: usize, attributes: &[(String, Vec<Vec<u8>>)]) -> Vec<u8> {
    let of = |(name, values): &(String, Vec<Vec<u8>>)| {
        let values: Vec<u8> = values.iter().flat_map(|value| element(4, value)).collect();
        element(0x30, &[element(4, name.as_bytes()), element(0x31, &values)].concat())
    };
    let all: Vec<u8> = attributes.iter().flat_map(of).collect();
    let op = [element(4, format!("uid={n}").as_bytes()), element(0x30, &all)].concat();
    element(0x30, &[element(2, &[id]), element(0x64, &op)].concat())
}

fn done(id: u8) -> Vec<u8> {
    let op = [element(10, &[0]), element(4, &[]), element(4, &[])].concat();
    element(0x30, &[element(2, &[id]), element(0x65, &op)].concat())
}

impl LdapServer {
    pub async fn start(does: Does) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), sent: Arc::default() };
        let sent = Arc::clone(&server.sent);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, does.clone(), Arc::clone(&sent)));
            }
        });
        server
    }

    pub fn ldap(&self) -> Ldap {
        let (host, security) = ("127.0.0.1".into(), LdapSecurity::None);
        Ldap { host, port: Some(self.port), security, base_dn: "dc=x".into(), ..Ldap::default() }
    }
}

async fn serve(mut stream: TcpStream, does: Does, sent: Arc<AtomicUsize>) -> std::io::Result<()> {
    let mut asked = [0_u8; 4096];
    for id in 1_u8.. {
        if stream.read(&mut asked).await? == 0 {
            return Ok(());
        }
        match &does {
            Does::Silent => tokio::time::sleep(Duration::from_secs(600)).await,
            Does::Slow => loop {
                stream.write_all(&element(0x30, &[element(2, &[id]), element(0x73, &[])].concat())).await?;
                tokio::time::sleep(Duration::from_millis(10)).await;
            },
            Does::Entries(_, _, first) if id == 1 && !first.is_empty() => {
                for (n, attributes) in first.iter().enumerate() {
                    stream.write_all(&entry(id, n, attributes)).await?;
                }
            }
            Does::Entries(attributes, count, _) => {
                let bytes = entry(id, 0, attributes);
                for _ in 0..*count {
                    stream.write_all(&bytes).await?;
                    sent.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        stream.write_all(&done(id)).await?;
    }
    Ok(())
}
