//! Bytes of the list of certificates.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::certificates::{
    CertificateInfoV2, CertificateList, CertificateSubjectType, CertificateType, CertificateUsage,
    DssCertificateType,
};

use crate::same;

#[test]
fn certificate_list() {
    same(&CertificateList::new(), &[]);
    same(
        &CertificateList::new()
            .with_certificates([CertificateInfoV2::new("A", CertificateType::UNKNOWN)]),
        &[
            b"\x0a\x05",  // 1 Certificates[0]
            b"\x0a\x01A", //   1 Thumbprint
            b"\x10\x00",  //   2 Type, required
        ],
    );
}

#[test]
fn certificate_info_v2() {
    same(
        &CertificateInfoV2::new("AB", CertificateType::DSS)
            .with_valid_from(1)
            .with_valid_to(-2)
            .with_private_key_valid_from(0x0102_0304_0506_0708)
            .with_private_key_valid_to(256)
            .with_organization_name("o")
            .with_inn("7")
            .with_user_first_name("f")
            .with_user_middle_name("m")
            .with_user_last_name("l")
            .with_user_short_name("s")
            .with_is_default(true)
            .with_subject_type(CertificateSubjectType::PHYSICAL_PERSON)
            .with_usages([CertificateUsage::TOKEN_USAGE, CertificateUsage::DSS_USAGE])
            .with_dss_type(DssCertificateType::K_SIGN_MOBILE),
        &[
            b"\x0a\x02AB",                           // 1 Thumbprint
            b"\x10\x02",                             // 2 Type
            b"\x19\x01\x00\x00\x00\x00\x00\x00\x00", // 3 ValidFrom, eight bytes, the low one first
            b"\x21\xfe\xff\xff\xff\xff\xff\xff\xff", // 4 ValidTo, signed
            b"\x29\x08\x07\x06\x05\x04\x03\x02\x01", // 5 PrivateKeyValidFrom
            b"\x31\x00\x01\x00\x00\x00\x00\x00\x00", // 6 PrivateKeyValidTo
            b"\x3a\x01o",                            // 7 OrganizationName
            b"\x42\x01\x37",                         // 8 Inn
            b"\x4a\x01f",                            // 9 UserFirstName
            b"\x52\x01m",                            // 10 UserMiddleName
            b"\x5a\x01l",                            // 11 UserLastName
            b"\x62\x01s",                            // 12 UserShortName
            b"\x68\x01",                             // 13 IsDefault
            b"\x70\x03",                             // 14 SubjectType
            b"\x78\x02\x78\x03",                     // 15 Usages[0], Usages[1], not packed
            b"\x80\x01\x04",                         // 16 DssType
        ],
    );
}

#[test]
fn members_have_the_numbers_of_the_wire() {
    let numbers = [
        (CertificateType::UNKNOWN.number(), 0),
        (CertificateType::TOKEN.number(), 1),
        (CertificateType::DSS.number(), 2),
        (CertificateType::KONTUR_CERTIFICATE.number(), 3),
        (CertificateType::GOSKEY.number(), 4),
        (
            CertificateSubjectType::UNKNOWN_CERTIFICATE_SUBJECT_TYPE.number(),
            0,
        ),
        (CertificateSubjectType::LEGAL_ENTITY.number(), 1),
        (CertificateSubjectType::INDIVIDUAL_ENTITY.number(), 2),
        (CertificateSubjectType::PHYSICAL_PERSON.number(), 3),
        (CertificateUsage::UNKNOWN_USAGE.number(), 0),
        (CertificateUsage::KONTUR_CERTIFICATE_USAGE.number(), 1),
        (CertificateUsage::TOKEN_USAGE.number(), 2),
        (CertificateUsage::DSS_USAGE.number(), 3),
        (DssCertificateType::UNKNOWN_DSS_TYPE.number(), 0),
        (DssCertificateType::MY_DSS.number(), 1),
        (DssCertificateType::K_SIGN_SERVER.number(), 2),
        (DssCertificateType::K_SIGN_RUTOKEN.number(), 3),
        (DssCertificateType::K_SIGN_MOBILE.number(), 4),
    ];
    for (index, (ours, wire)) in numbers.into_iter().enumerate() {
        assert_eq!(ours, wire, "row {index}");
    }
}
