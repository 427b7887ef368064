//! Decides how compressed documents are packed: real gzip and zip, with the bytes stored as they are.
//!
//! **Invariant:** any unpacker reads them. Nothing is made smaller, because a test needs the form and not the size.

use std::io::{Cursor, Read as _, Write as _};

use flate2::bufread::GzEncoder;
use zip::write::{SimpleFileOptions, ZipWriter};

/// As a gzip member with stored blocks.
pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    // Bytes in memory are read without an error.
    let _ = GzEncoder::new(content, flate2::Compression::none()).read_to_end(&mut packed);
    packed
}

/// As a zip archive with one stored file; none when its name is too long.
pub(super) fn zip(name: &str, content: &[u8]) -> Option<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file(name, stored).ok()?;
    archive.write_all(content).ok()?;
    Some(archive.finish().ok()?.into_inner())
}
