//! Decides how a DssSign is started: box, certificate, files, task.
//!
//! **Invariant:** an accepted start is one operation: the service does not recognise a repeat, which is a second
//! operation and finds the first one unconfirmed.

use podpis_diadoc_proto::dss::{
    DssGosKeyData, DssSignDataSource, DssSignFile, DssSignRequest, DssSignRequestV2,
};
use prost::Message;

use super::dss_operations::{DssSign, status};
use super::state::Room;
use super::{boxes, certificates, shelf, source};
use crate::answer::{Handled, Needed as _, Refusal, Reply, bad_request};
use crate::call::Call;
use crate::phone::{Asked, AskedFile, MessageKind, Operation, Purpose, Service};
use crate::signer::Digests;

/// What signs.
struct Signer {
    certificate: usize,
    by_goskey: bool,
}

/// `POST /DssSign`.
pub(super) fn start(room: &mut Room, user: usize, call: &Call) -> Handled {
    boxes::own(call)?;
    let request: DssSignRequest = body(call, "The body is not a DssSignRequest.")?;
    let thumbprint = call.query.optional("certificateThumbprint");
    let signer = Signer {
        certificate: certificates::for_dss(room, user, thumbprint, call.now)?,
        by_goskey: false,
    };
    begin(room, user, &request.files, &signer, call)
}

/// `POST /V2/DssSign`.
pub(super) fn start_v2(room: &mut Room, user: usize, call: &Call) -> Handled {
    boxes::own(call)?;
    let request: DssSignRequestV2 = body(call, "The body is not a DssSignRequestV2.")?;
    let signer = match request.typed_sign_data_source() {
        DssSignDataSource::CERTIFICATE_SIGN if request.gos_key_data.is_some() => {
            return bad_request("CertificateSign goes with CertificateData, not with GosKeyData.");
        }
        DssSignDataSource::CERTIFICATE_SIGN => {
            let thumbprint = request.certificate_data.as_ref();
            let thumbprint = thumbprint.map(|data| data.thumbprint.as_str());
            Signer {
                certificate: certificates::for_dss(room, user, thumbprint, call.now)?,
                by_goskey: false,
            }
        }
        DssSignDataSource::GOS_KEY_SIGN if request.certificate_data.is_some() => {
            return bad_request("GosKeySign goes with GosKeyData, not with CertificateData.");
        }
        DssSignDataSource::GOS_KEY_SIGN => Signer {
            certificate: goskey(room, user, request.gos_key_data.as_ref(), call)?,
            by_goskey: true,
        },
        _ => return bad_request("This SignDataSource is unknown."),
    };
    begin(room, user, &request.files, &signer, call)
}

/// Every source of bytes is read before anything is begun.
fn begin(
    room: &mut Room,
    user: usize,
    files: &[DssSignFile],
    signer: &Signer,
    call: &Call,
) -> Handled {
    if files.is_empty() {
        return bad_request("There is no file to sign.");
    }
    let mut digests = Vec::with_capacity(files.len());
    let mut shown = Vec::with_capacity(files.len());
    for file in files {
        let name = file.content.name_on_shelf.as_deref().unwrap_or_default();
        let bare = !name.is_empty() && !name.starts_with(shelf::OWN_PREFIX);
        if bare && !room.own.options.bare_shelf_names {
            return Err(
                Refusal::bad_request("A name on the shelf has to begin with __userId__/.")
                    .coded("Dss.InvalidRequest"),
            );
        }
        let content = source::resolve_v3(room, user, &file.content)?;
        let name = file.file_name.as_deref().unwrap_or_default();
        shown.push(AskedFile::new(name, content.len() as u64));
        digests.push(Digests::of(room.shared.manner.signatures, content));
    }
    let mut script = call.script.clone();
    if room.own.dss_starts < room.own.options.retries_required {
        let retry = Some(status::OPERATION_RETRY_REQUIRED);
        script.status = script.status.or(Some(retry.into()));
    }
    room.own.dss_starts += 1;
    let id = room.guid();
    let task = room.guid();
    let push_at = call.now.after(room.shared.options.processing);
    let operation = Operation::new(
        MessageKind::Push,
        (id.clone(), vec![task.clone()]),
        (user, String::new()),
        (call.now, push_at),
        (
            DssSign {
                certificate: signer.certificate,
                by_goskey: signer.by_goskey,
                digests,
                script,
                signatures: None,
            },
            Asked {
                service: Service::Diadoc,
                purpose: Purpose::Sign,
                person: room.shared.name(user),
                files: shown,
                screen_code: None,
            },
        ),
    );
    room.counters().operations_started += 1;
    room.own.dss.begin(operation, call.now, room.shared.line());
    Ok(Reply::task(task, &id))
}

fn body<M: Message + Default>(call: &Call, refusal: &str) -> Handled<M> {
    M::decode(call.body.clone()).map_err(|_| Refusal::bad_request(refusal))
}

/// The person's Goskey certificate. The SNILS has to be the one in the person's settings, where the sandbox has that
/// of the certificates.
fn goskey(room: &Room, user: usize, data: Option<&DssGosKeyData>, call: &Call) -> Handled<usize> {
    let data = data.or_bad_request("GosKeySign needs GosKeyData.")?;
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let snils = data.snils.as_deref().map(digits).unwrap_or_default();
    let own = room.shared.people.get(user).map(|user| user.subject.snils);
    if own != Some(snils.as_str()) {
        return bad_request("The SNILS is not the one in your settings.");
    }
    room.own
        .certificates
        .iter()
        .position(|known| known.owner == user && known.is_goskey() && known.is_active(call.now))
        .or_not_found("You have no Goskey certificate.")
}
