//! One kept-alive connection that sends bytes made beforehand: a client so thin that it keeps any server busy. Its CPU is not
//! counted.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this name, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Wire {
    /// To `host:port`.
    pub async fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self { stream, buffer: Vec::with_capacity(16 * 1024) }
    }

    /// Sends a request and reads its answer.
    pub async fn ask(&mut self, request: &[u8]) -> Answer {
        self.stream.write_all(request).await.expect("sent");
        self.buffer.clear();
        let end = loop {
            if let Some(end) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end;
            }
            self.more().await;
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        let status: u16 = head.get(9..12).and_then(|digits| digits.parse().ok()).expect("a status line");
        // RFC 9110 section 8.6: none where there is no content.
        let length = header(&head, "content-length").or((status == 204).then_some("0"));
        let length = length.expect("content-length in every answer");
        let full = end + 4 + length.parse::<usize>().expect("a length");
        while self.buffer.len() < full {
            self.more().await;
        }
        Answer { status, head, body: self.buffer[end + 4..full].to_vec() }
    }

    async fn more(&mut self) {
        let read = self.stream.read_buf(&mut self.buffer).await.expect("read");
        assert!(read > 0, "the server closed the connection");
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    lines.filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}

/// A GET.
pub fn get(host: &str, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    request("GET", host, path, headers, "")
}

/// A POST of a form.
pub fn form(host: &str, path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request("POST", host, path, &[("content-type", "application/x-www-form-urlencoded")], &body)
}

/// A PUT of a JSON document.
pub fn put(host: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    request("PUT", host, path, headers, body)
}

/// Any request.
pub fn request(method: &str, host: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut out = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n");
    for (name, value) in headers {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    // What follows a request without a length would be read as the next one.
    if method == "GET" {
        return format!("{out}\r\n").into_bytes();
    }
    format!("{out}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
