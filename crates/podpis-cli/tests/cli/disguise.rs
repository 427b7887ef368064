//! A sandbox that does not say that it is one: what a real service looks like to the program.
//!
//! **Invariant:** everything but the control paths is answered by the sandbox itself.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use podpis::transport::HttpRequest;
use podpis_sandbox::Sandbox;

/// Serves the sandbox in disguise, for as long as the test runs; gives the address.
pub(crate) fn disguised(sandbox: &Sandbox) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let sandbox = sandbox.clone();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let sandbox = sandbox.clone();
            std::thread::spawn(move || answer(socket.unwrap(), &sandbox));
        }
    });
    url
}

/// Answers one request; a client that goes away is none of our business.
fn answer(mut socket: TcpStream, sandbox: &Sandbox) -> Option<()> {
    let mut reader = BufReader::new(socket.try_clone().ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?, words.next()?);
    let mut request = HttpRequest::default();
    *request.method_mut() = method.parse().ok()?;
    *request.uri_mut() = target.parse().ok()?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
        for known in ["authorization", "content-type"] {
            if name.eq_ignore_ascii_case(known) {
                request
                    .headers_mut()
                    .insert(known, value.trim().parse().ok()?);
            }
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    *request.body_mut() = body.into();

    let hidden = target.starts_with("/_sandbox");
    let response = (!hidden).then(|| sandbox.handle(&request));
    let (status, headers, body) = match &response {
        Some(response) => (
            response.status().as_u16(),
            response.headers().clone(),
            response.body().to_vec(),
        ),
        None => (404, Default::default(), Vec::new()),
    };
    let mut head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
    for (name, value) in &headers {
        if name != "content-length" {
            head.push_str(&format!("{name}: {}\r\n", value.to_str().ok()?));
        }
    }
    if status != 204 {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    socket.write_all(head.as_bytes()).ok()?;
    socket.write_all(&body).ok()
}
