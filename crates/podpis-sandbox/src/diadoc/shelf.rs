//! Decides what may be put on the shelf and taken from it, in both versions.
//!
//! **Invariant:** a file belongs to the user who put it there. The prefix `__userId__/` means that user; a name
//! without it is public in version 1, where nothing can be put and therefore nothing is found.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::shelf_store::{LONGEST_PART_INDEX, Part, ShelfError};
use super::state::Room;
use crate::answer::{Handled, Needed as _, Refusal, Reply, bad_request};
use crate::call::Call;

pub(super) const OWN_PREFIX: &str = "__userId__/";

/// 70 MB, the limit of a version 1 part.
const V1_PART_LIMIT: usize = 70 * 1024 * 1024;
/// 3 MB, the limit of every body in version 2.
const V2_PART_LIMIT: usize = 3 * 1024 * 1024;

/// `POST /ShelfUpload`.
pub(super) fn upload_v1(room: &mut Room, user: usize, call: &Call) -> Handled {
    let name = call.query.required("nameOnShelf")?;
    let name = name.strip_prefix(OWN_PREFIX).unwrap_or_default();
    if name.is_empty() {
        return bad_request("Public uploads are refused; the name has to start with __userId__/.");
    }
    put(room, user, name, part_index(call)?, V1_PART_LIMIT, call)
}

/// `GET /ShelfDownload`.
pub(super) fn download_v1(room: &mut Room, user: usize, call: &Call) -> Handled {
    let name = call.query.required("nameOnShelf")?;
    match name.strip_prefix(OWN_PREFIX) {
        Some(name) => download(room, user, name),
        None => Err(Refusal::not_found(
            "No public file has this name; own files are named with __userId__/.",
        )),
    }
}

/// `POST /V2/ShelfUpload`.
pub(super) fn upload_v2(room: &mut Room, user: usize, call: &Call) -> Handled {
    let body = content(call, V2_PART_LIMIT)?;
    let name = new_name(room);
    store(room, user, &name, body, call)?;
    Ok(Reply::text(name))
}

/// `POST /ShelfUploadPartInit`: the first part, which may be the only one.
pub(super) fn init(room: &mut Room, user: usize, call: &Call) -> Handled {
    let part = Part {
        index: 0,
        is_last: call.query.flag("isLastPart")?,
        body: content(call, V2_PART_LIMIT)?,
    };
    let name = new_name(room);
    room.own.shelf.put(user, &name, part, call.now)?;
    Ok(Reply::text(name))
}

/// `POST /ShelfUploadPart`: any further part, or one again.
pub(super) fn part(room: &mut Room, user: usize, call: &Call) -> Handled {
    let name = own_name(call.query.required("fileName")?);
    let index = part_index(call)?;
    if !room.own.shelf.contains(user, name) {
        return Err(Refusal::not_found(
            "No upload has this name; begin with ShelfUploadPartInit.",
        ));
    }
    put(room, user, name, index, V2_PART_LIMIT, call)
}

/// `GET /V2/ShelfDownload`.
pub(super) fn download_v2(room: &mut Room, user: usize, call: &Call) -> Handled {
    download(room, user, own_name(call.query.required("fileName")?))
}

/// A name in the user's own shelf, written with or without the prefix.
pub(super) fn own_name(name: &str) -> &str {
    name.strip_prefix(OWN_PREFIX).unwrap_or(name)
}

/// A file of the user that a body names.
pub(super) fn named(room: &Room, user: usize, name: &str) -> Handled<Bytes> {
    let file = room.own.shelf.read(user, own_name(name));
    file.or_bad_request(format!("File {name} is not found in temporary storage"))
}

/// A name as the server makes it.
pub(super) fn new_name(room: &mut Room) -> String {
    format!("dd-api-{}", room.guid())
}

/// A whole file in one piece.
pub(super) fn store(
    room: &mut Room,
    user: usize,
    name: &str,
    body: Bytes,
    call: &Call,
) -> Handled<()> {
    let part = Part {
        index: 0,
        is_last: true,
        body,
    };
    room.own.shelf.put(user, name, part, call.now)?;
    Ok(())
}

impl From<ShelfError> for Refusal {
    fn from(error: ShelfError) -> Self {
        match error {
            ShelfError::NotFound => Self::not_found("No file on the shelf has this name."),
            ShelfError::Incomplete => {
                Self::not_found("The upload of this file is not complete: parts are missing.")
            }
            ShelfError::TooLarge => Self::bad_request("The file is larger than the shelf allows."),
        }
    }
}

fn put(room: &mut Room, user: usize, name: &str, index: u32, limit: usize, call: &Call) -> Handled {
    let part = Part {
        index,
        is_last: call.query.flag("isLastPart")?,
        body: content(call, limit)?,
    };
    let missing = room.own.shelf.put(user, name, part, call.now)?;
    Ok(missing.map_or_else(Reply::empty, |missing| Reply::json(&missing)))
}

fn download(room: &Room, user: usize, name: &str) -> Handled {
    Ok(Reply::bytes(room.own.shelf.read(user, name)?))
}

fn part_index(call: &Call) -> Handled<u32> {
    let index = call.query.required("partIndex")?.parse().ok();
    let index = index.filter(|index| *index <= LONGEST_PART_INDEX);
    index.or_bad_request("The parameter partIndex is not a part number.")
}

/// The bytes of a part. `Content-Type: base64` makes the service decode the body first.
fn content(call: &Call, limit: usize) -> Handled<Bytes> {
    let body = if call.content_type() == "base64" {
        let bytes = STANDARD.decode(call.body.trim_ascii());
        bytes.or_bad_request("The body is not Base64.")?.into()
    } else {
        call.body.clone()
    };
    if body.is_empty() {
        return bad_request("The part is empty.");
    }
    if body.len() > limit {
        return bad_request(format!("The part is larger than {limit} bytes."));
    }
    Ok(body)
}
