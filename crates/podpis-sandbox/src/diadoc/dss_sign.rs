//! Decides how a DssSign is started: box, certificate, files, task.
//!
//! **Invariant:** an accepted start is one operation: the service does not recognise a repeat, which is a second
//! operation and finds the first one unconfirmed.

use podpis_diadoc_proto::AsyncMethodResult;
use podpis_diadoc_proto::dss::{
    DssGosKeyData, DssSignDataSource, DssSignFile, DssSignRequest, DssSignRequestV2,
};
use prost::Message;

use super::dss_operations::{DssOperation, Stage, status};
use super::{Call, boxes, certificates, course, shelf, source};
use crate::answer::{Handled, Refusal, Reply};
use crate::signer::Digests;
use crate::world::World;

/// What signs.
struct Signer {
    certificate: usize,
    by_goskey: bool,
}

/// `POST /DssSign`.
pub(super) fn start(world: &mut World, user: usize, call: &Call<'_>) -> Handled {
    boxes::own(call)?;
    let request: DssSignRequest = body(call, "The body is not a DssSignRequest.")?;
    let thumbprint = call.query.optional("certificateThumbprint");
    let signer = Signer {
        certificate: certificates::for_dss(world, user, thumbprint, call.now)?,
        by_goskey: false,
    };
    begin(world, user, &request.files, &signer, call)
}

/// `POST /V2/DssSign`.
pub(super) fn start_v2(world: &mut World, user: usize, call: &Call<'_>) -> Handled {
    boxes::own(call)?;
    let request: DssSignRequestV2 = body(call, "The body is not a DssSignRequestV2.")?;
    let signer = match request.typed_sign_data_source() {
        DssSignDataSource::CERTIFICATE_SIGN if request.gos_key_data.is_some() => {
            return Err(Refusal::bad_request(
                "CertificateSign goes with CertificateData, not with GosKeyData.",
            ));
        }
        DssSignDataSource::CERTIFICATE_SIGN => {
            let thumbprint = request
                .certificate_data
                .as_ref()
                .map(|data| data.thumbprint.as_str());
            Signer {
                certificate: certificates::for_dss(world, user, thumbprint, call.now)?,
                by_goskey: false,
            }
        }
        DssSignDataSource::GOS_KEY_SIGN if request.certificate_data.is_some() => {
            return Err(Refusal::bad_request(
                "GosKeySign goes with GosKeyData, not with CertificateData.",
            ));
        }
        DssSignDataSource::GOS_KEY_SIGN => Signer {
            certificate: goskey(world, user, request.gos_key_data.as_ref(), call)?,
            by_goskey: true,
        },
        _ => return Err(Refusal::bad_request("This SignDataSource is unknown.")),
    };
    begin(world, user, &request.files, &signer, call)
}

/// Every source of bytes is read before anything is begun.
fn begin(
    world: &mut World,
    user: usize,
    files: &[DssSignFile],
    signer: &Signer,
    call: &Call<'_>,
) -> Handled {
    if files.is_empty() {
        return Err(Refusal::bad_request("There is no file to sign."));
    }
    let mut digests = Vec::with_capacity(files.len());
    for file in files {
        let name = file.content.name_on_shelf.as_deref().unwrap_or_default();
        let bare = !name.is_empty() && !name.starts_with(shelf::OWN_PREFIX);
        if bare && !world.options.diadoc_options.bare_shelf_names {
            return Err(
                Refusal::bad_request("A name on the shelf has to begin with __userId__/.")
                    .coded("Dss.InvalidRequest"),
            );
        }
        digests.push(Digests::of(source::resolve_v3(world, user, &file.content)?));
    }
    let mut script = call.script.clone();
    if world.diadoc.dss_starts < world.options.diadoc_options.retries_required {
        let retry = Some(status::OPERATION_RETRY_REQUIRED);
        script.status = script.status.or(Some(retry.into()));
    }
    world.diadoc.dss_starts += 1;
    let id = world.ids.guid();
    let task = world.ids.guid();
    let push_at = call.now.after(world.options.processing);
    world.diadoc.dss.add(DssOperation {
        id: id.clone(),
        task: task.clone(),
        user,
        certificate: signer.certificate,
        by_goskey: signer.by_goskey,
        digests,
        push_at,
        until: push_at,
        acts: None,
        stage: Stage::Queued,
        script,
        signatures: None,
    });
    world.journal.counters.operations_started += 1;
    course::settle(world, call.now);
    Ok(Reply::message(&AsyncMethodResult {
        task_id: Some(task),
    })
    .about(&id))
}

fn body<M: Message + Default>(call: &Call<'_>, refusal: &str) -> Result<M, Refusal> {
    M::decode(call.body.clone()).map_err(|_| Refusal::bad_request(refusal))
}

/// The person's Goskey certificate. The SNILS has to be the one in the person's settings, where the sandbox has that
/// of the certificates.
fn goskey(
    world: &World,
    user: usize,
    data: Option<&DssGosKeyData>,
    call: &Call<'_>,
) -> Result<usize, Refusal> {
    let data = data.ok_or_else(|| Refusal::bad_request("GosKeySign needs GosKeyData."))?;
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let snils = data.snils.as_deref().map(digits).unwrap_or_default();
    let own = world.users.get(user).map(|user| user.subject.snils);
    if own != Some(snils.as_str()) {
        return Err(Refusal::bad_request(
            "The SNILS is not the one in your settings.",
        ));
    }
    world
        .diadoc
        .certificates
        .iter()
        .position(|known| known.owner == user && known.is_goskey() && known.is_active(call.now))
        .ok_or_else(|| Refusal::not_found("You have no Goskey certificate."))
}
