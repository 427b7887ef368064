//! The bytes of every message, written out by hand from the field tables and compared with what is encoded.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

mod certificates;
mod dss;
mod organizations;
mod receipts;
mod signatures;
mod signing;

use podpis_diadoc_proto::{Checked, FILE_DESCRIPTOR_SET, REQUIRED_FIELDS, decode_checked};

/// The message encodes to these bytes, and these bytes are read as the message.
#[track_caller]
fn same<M: Checked + PartialEq>(message: &M, groups: &[&[u8]]) {
    let bytes = groups.concat();
    assert_eq!(message.encode_to_vec(), bytes);
    assert_eq!(decode_checked::<M>(bytes.as_slice()).as_ref(), Ok(message));
}

/// A message without a golden test would slip through; so would one that no descriptor describes.
#[test]
fn these_are_all_messages() {
    let names: Vec<&str> = REQUIRED_FIELDS
        .iter()
        .map(|table| table.message())
        .collect();
    assert_eq!(
        names,
        [
            "Diadoc.Api.Proto.AsyncMethodResult",
            "Diadoc.Api.Proto.AutosignReceiptsResult",
            "Diadoc.Api.Proto.AutosignReceiptsResultBefore2017",
            "Diadoc.Api.Proto.Box",
            "Diadoc.Api.Proto.Certificates.CertificateInfoV2",
            "Diadoc.Api.Proto.Certificates.CertificateList",
            "Diadoc.Api.Proto.CloudSignConfirmResult",
            "Diadoc.Api.Proto.CloudSignFile",
            "Diadoc.Api.Proto.CloudSignRequest",
            "Diadoc.Api.Proto.CloudSignResult",
            "Diadoc.Api.Proto.Content_v2",
            "Diadoc.Api.Proto.Content_v3",
            "Diadoc.Api.Proto.Department",
            "Diadoc.Api.Proto.DocumentId",
            "Diadoc.Api.Proto.DocumentIdEx",
            "Diadoc.Api.Proto.Dss.DssCertificateData",
            "Diadoc.Api.Proto.Dss.DssFileSigningResult",
            "Diadoc.Api.Proto.Dss.DssGosKeyData",
            "Diadoc.Api.Proto.Dss.DssSignFile",
            "Diadoc.Api.Proto.Dss.DssSignRequest",
            "Diadoc.Api.Proto.Dss.DssSignRequestV2",
            "Diadoc.Api.Proto.Dss.DssSignResult",
            "Diadoc.Api.Proto.Events.DocumentSignature",
            "Diadoc.Api.Proto.Events.PowerOfAttorneyToPost",
            "Diadoc.Api.Proto.LoginPassword",
            "Diadoc.Api.Proto.Organization",
            "Diadoc.Api.Proto.OrganizationList",
            "Diadoc.Api.Proto.PowersOfAttorney.PowerOfAttorneyFullId",
            "Diadoc.Api.Proto.PowersOfAttorney.PowerOfAttorneySignedContent",
        ]
    );
    let set = String::from_utf8_lossy(FILE_DESCRIPTOR_SET);
    for name in names {
        let (_, short) = name.rsplit_once('.').unwrap();
        assert!(set.contains(short), "{short} is not in the descriptor set");
    }
}
