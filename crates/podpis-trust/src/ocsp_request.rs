//! Decides how an OCSP responder is asked about a certificate (RFC 6960 4.1).
//!
//! **Invariant:** a question names one certificate by SHA-1 digests, which every responder understands (RFC 5019 2.1.1),
//! and has no nonce, so that answers that were made before serve.

use der::asn1::{Null, OctetString};
use der::{Any, Encode as _};
use podpis_cms::{Certificate, Thumbprint};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_ocsp::{CertId, OcspRequest, Request, TbsRequest, Version};

use crate::extension::number;
use crate::ocsp::key_bits;
use crate::oid;

/// The question about a certificate of this issuer, in DER: what is posted as `application/ocsp-request`. `None` where the
/// issuer's key or the number of the certificate cannot be written in one.
#[must_use]
pub fn ocsp_request(certificate: &Certificate, issuer: &Certificate) -> Option<Vec<u8>> {
    let digest = |bytes: &[u8]| OctetString::new(Thumbprint::of(bytes).as_bytes().to_vec()).ok();
    let id = CertId {
        hash_algorithm: AlgorithmIdentifierOwned {
            oid: oid::SHA_1_DOTTED.parse().ok()?,
            parameters: Some(Any::from(Null)),
        },
        issuer_name_hash: digest(certificate.issuer_der())?,
        issuer_key_hash: digest(key_bits(issuer.spki_der())?)?,
        serial_number: SerialNumber::new(number(certificate.serial_bytes())).ok()?,
    };
    let request = OcspRequest {
        tbs_request: TbsRequest {
            version: Version::V1,
            requestor_name: None,
            request_list: vec![Request {
                req_cert: id,
                single_request_extensions: None,
            }],
            request_extensions: None,
        },
        optional_signature: None,
    };
    request.to_der().ok()
}
