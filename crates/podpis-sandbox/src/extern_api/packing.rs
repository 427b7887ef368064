//! Decides how compressed documents are packed: real gzip and zip, with the bytes stored as they are.
//!
//! **Invariant:** any unpacker reads them. Nothing is made smaller, because a test needs the form and not the size.

/// As a gzip member with stored blocks (RFC 1951 3.2.4, RFC 1952).
pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let blocks: Vec<&[u8]> = if content.is_empty() {
        vec![content]
    } else {
        content.chunks(usize::from(u16::MAX)).collect()
    };
    for (at, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        packed.push(u8::from(at + 1 == blocks.len()));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(*block);
    }
    packed.extend(crc32(content).to_le_bytes());
    packed.extend(size(content).to_le_bytes());
    packed
}

/// As a zip archive with one stored file (APPNOTE 4.3).
pub(super) fn zip(name: &str, content: &[u8]) -> Vec<u8> {
    let mut about = Vec::new();
    about.extend(20_u16.to_le_bytes()); // version needed
    about.extend(0x0800_u16.to_le_bytes()); // the name is UTF-8
    about.extend(0_u16.to_le_bytes()); // stored
    about.extend(0_u16.to_le_bytes()); // time
    about.extend(0x21_u16.to_le_bytes()); // 1980-01-01
    about.extend(crc32(content).to_le_bytes());
    about.extend(size(content).to_le_bytes());
    about.extend(size(content).to_le_bytes());
    about.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
    about.extend(0_u16.to_le_bytes()); // no extra field

    let mut packed = b"PK\x03\x04".to_vec();
    packed.extend(&about);
    packed.extend(name.as_bytes());
    packed.extend(content);
    let start = size(&packed);

    packed.extend(b"PK\x01\x02");
    packed.extend(20_u16.to_le_bytes()); // made by
    packed.extend(&about);
    packed.extend([0; 10]); // no comment, disk 0, no attributes
    packed.extend([0; 4]); // the file is at the beginning
    packed.extend(name.as_bytes());
    let length = size(&packed) - start;

    packed.extend(b"PK\x05\x06");
    packed.extend([0; 4]); // disk 0
    packed.extend(1_u16.to_le_bytes());
    packed.extend(1_u16.to_le_bytes());
    packed.extend(length.to_le_bytes());
    packed.extend(start.to_le_bytes());
    packed.extend(0_u16.to_le_bytes()); // no comment
    packed
}

fn size(content: &[u8]) -> u32 {
    u32::try_from(content.len()).unwrap_or(u32::MAX)
}

fn crc32(content: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in content {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1));
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_is_the_usual_one() {
        assert_eq!(super::crc32(b"123456789"), 0xcbf4_3926);
    }
}
