//! Decides which Diadoc method lives at which path, and who may call it.
//!
//! **Invariant:** paths are compared without regard to case, and every method but the login itself asks for a
//! login first.

mod authorization;
mod cloud_confirm;
mod cloud_sign;
mod login;
mod shelf;
mod source;
mod spoil;

use bytes::Bytes;
use http::{HeaderMap, Method, header};

use crate::answer::Handled;
use crate::faults::SignatureFault;
use crate::query::Query;
use crate::world::{Moment, World};

/// One request on its way into a method.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: Query<'a>,
    pub(crate) body: &'a Bytes,
    pub(crate) now: Moment,
    pub(crate) signature_fault: Option<SignatureFault>,
}

impl Call<'_> {
    /// The type of the body without parameters, in lower case. `application/json charset=utf-8`, a typo of the
    /// documentation, counts as JSON.
    fn content_type(&self) -> String {
        self.headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split([';', ' ']).next())
            .unwrap_or_default()
            .to_ascii_lowercase()
    }
}

/// A method of Diadoc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Authenticate,
    ShelfUpload,
    ShelfDownload,
    ShelfUploadV2,
    ShelfUploadPartInit,
    ShelfUploadPart,
    ShelfDownloadV2,
    CloudSign,
    CloudSignResult,
    CloudSignConfirm,
    CloudSignConfirmResult,
}

impl Endpoint {
    pub(crate) const ALL: [Self; 11] = [
        Self::Authenticate,
        Self::ShelfUpload,
        Self::ShelfDownload,
        Self::ShelfUploadV2,
        Self::ShelfUploadPartInit,
        Self::ShelfUploadPart,
        Self::ShelfDownloadV2,
        Self::CloudSign,
        Self::CloudSignResult,
        Self::CloudSignConfirm,
        Self::CloudSignConfirmResult,
    ];

    /// The name in the journal and in faults, and the path.
    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Authenticate => ("Authenticate", "/V3/Authenticate"),
            Self::ShelfUpload => ("ShelfUpload", "/ShelfUpload"),
            Self::ShelfDownload => ("ShelfDownload", "/ShelfDownload"),
            Self::ShelfUploadV2 => ("ShelfUploadV2", "/V2/ShelfUpload"),
            Self::ShelfUploadPartInit => ("ShelfUploadPartInit", "/ShelfUploadPartInit"),
            Self::ShelfUploadPart => ("ShelfUploadPart", "/ShelfUploadPart"),
            Self::ShelfDownloadV2 => ("ShelfDownloadV2", "/V2/ShelfDownload"),
            Self::CloudSign => ("CloudSign", "/CloudSign"),
            Self::CloudSignResult => ("CloudSignResult", "/CloudSignResult"),
            Self::CloudSignConfirm => ("CloudSignConfirm", "/CloudSignConfirm"),
            Self::CloudSignConfirmResult => ("CloudSignConfirmResult", "/CloudSignConfirmResult"),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        self.row().0
    }

    pub(crate) fn at(path: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|known| known.row().1.eq_ignore_ascii_case(path))
    }

    pub(crate) fn method(self) -> &'static Method {
        match self {
            Self::ShelfDownload
            | Self::ShelfDownloadV2
            | Self::CloudSignResult
            | Self::CloudSignConfirmResult => &Method::GET,
            Self::Authenticate
            | Self::ShelfUpload
            | Self::ShelfUploadV2
            | Self::ShelfUploadPartInit
            | Self::ShelfUploadPart
            | Self::CloudSign
            | Self::CloudSignConfirm => &Method::POST,
        }
    }
}

pub(crate) fn handle(world: &mut World, endpoint: Endpoint, call: &Call<'_>) -> Handled {
    if endpoint == Endpoint::Authenticate {
        return login::authenticate(world, call);
    }
    let user = authorization::user(world, call)?;
    match endpoint {
        Endpoint::Authenticate => login::authenticate(world, call),
        Endpoint::ShelfUpload => shelf::upload_v1(world, user, call),
        Endpoint::ShelfDownload => shelf::download_v1(world, user, call),
        Endpoint::ShelfUploadV2 => shelf::upload_v2(world, user, call),
        Endpoint::ShelfUploadPartInit => shelf::init(world, user, call),
        Endpoint::ShelfUploadPart => shelf::part(world, user, call),
        Endpoint::ShelfDownloadV2 => shelf::download_v2(world, user, call),
        Endpoint::CloudSign => cloud_sign::start(world, user, call),
        Endpoint::CloudSignResult => cloud_sign::result(world, user, call),
        Endpoint::CloudSignConfirm => cloud_confirm::confirm(world, user, call),
        Endpoint::CloudSignConfirmResult => cloud_confirm::result(world, user, call),
    }
}
