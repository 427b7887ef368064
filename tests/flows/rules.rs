//! The rules of signatures: for each a value that breaks it and one that keeps it.
//!
//! What one value shows is here, what needs the message in `rules_of_messages`, what is kept by signing and posting in
//! `rules_of_calls`. A test is named after its rule.
//!
//! **Invariant:** a rule without such a test fails the last test of this file.

use std::fmt::Debug;

use podpis::cms::Signature;
use podpis::diadoc::certificates::CertificateSubjectType;
use podpis::diadoc::document_signature::{
    Breach, ContentSource, DocumentSenderSignature, DocumentSignature, PowerOfAttorney, Rule,
    SignatureSource, SignedContent, When,
};
use podpis::diadoc::prepare::{DocumentRef, PatchedContent, PostedBy, Signer};
use podpis::diadoc::{EntityId, MessageId, PatchedContentId, ShelfName};
use podpis::diadoc_proto::events;
use podpis::diadoc_proto::prost::Message as _;
use podpis::diadoc_proto::{ContentV3, decode_checked, invoicing};

/// Detached ECDSA over [`CONTENT`].
pub(super) const SIGNATURE: &[u8] =
    include_bytes!("../../crates/podpis-cms/tests/fixtures/p256.p7s");
pub(super) const CONTENT: &[u8] =
    include_bytes!("../../crates/podpis-cms/tests/fixtures/content.txt");
/// Detached GOST R 34.10-2012 over [`GOST_CONTENT`].
const GOST: &[u8] = include_bytes!("../../crates/podpis-cms/tests/fixtures/gost/detached256.p7s");
const GOST_CONTENT: &[u8] =
    include_bytes!("../../crates/podpis-cms/tests/fixtures/gost/content.bin");

/// The outcome is an error that names the rule.
pub(super) fn breaks<T: Debug>(rule: Rule, outcome: Result<T, Breach>) {
    let breach = outcome.expect_err(rule.id());
    assert_eq!(breach.rule(), rule, "{breach}");
    assert!(breach.to_string().starts_with(rule.id()), "{breach}");
}

/// Among the warnings is one of the rule.
pub(super) fn warns(rule: Rule, warnings: &[Breach]) {
    let mut rules = warnings.iter().map(Breach::rule);
    assert!(rules.any(|one| one == rule), "{rule}: {warnings:?}");
}

/// Among the warnings is none of the rule.
pub(super) fn is_silent(rule: Rule, warnings: &[Breach]) {
    let mut rules = warnings.iter().map(Breach::rule);
    assert!(!rules.any(|one| one == rule), "{rule}: {warnings:?}");
}

pub(super) fn document() -> EntityId {
    EntityId::new("d")
}

fn source(der: &[u8]) -> SignatureSource {
    SignatureSource::from(der.to_vec())
}

fn signed(der: &[u8]) -> Result<DocumentSignature, Breach> {
    DocumentSignature::builder(&document(), source(der)).build()
}

fn wire() -> events::DocumentSignature {
    events::DocumentSignature::new("d").with_signature(SIGNATURE)
}

fn read(wire: events::DocumentSignature) -> Result<DocumentSignature, Breach> {
    wire.try_into()
}

fn patched(entity: &str, posted_by: PostedBy) -> PatchedContent {
    let document = DocumentRef::new(&MessageId::new("m"), &EntityId::new(entity));
    PatchedContent::new(document, posted_by, PatchedContentId::new("p"))
}

#[test]
fn r_src_1_a_content_has_exactly_one_source() {
    let read = |wire: ContentV3| ContentSource::try_from(wire);
    let inline = || ContentV3::new().with_content(&b"x"[..]);
    breaks(Rule::Src1, read(ContentV3::new()));
    breaks(Rule::Src1, read(inline().with_name_on_shelf("n")));
    read(inline()).unwrap();
    let content = |wire| SignedContent::from_proto(wire, When::Draft);
    let inline = || events::SignedContent::new().with_content(CONTENT);
    breaks(Rule::Src1, content(inline().with_name_on_shelf("n")));
    breaks(Rule::Src1, content(events::SignedContent::new()));
    content(inline()).unwrap();
    content(events::SignedContent::new().with_name_on_shelf("n")).unwrap();
}

#[test]
fn r_sig_2_a_parent_is_named() {
    let of = |parent| DocumentSignature::builder(&EntityId::new(parent), source(SIGNATURE)).build();
    breaks(Rule::Sig2, of(" "));
    of("d").unwrap();
}

#[test]
fn r_sig_3_a_signature_has_one_source() {
    breaks(Rule::Sig3, read(wire().with_sign_with_test_signature(true)));
    breaks(Rule::Sig3, read(wire().with_signature_name_on_shelf("n")));
    let both = events::DocumentSignature::new("d")
        .with_signature_name_on_shelf("n")
        .with_sign_with_test_signature(true);
    breaks(Rule::Sig3, read(both));
    let absent = DocumentSignature::builder(&document(), SignatureSource::Absent).build();
    warns(Rule::Sig3, absent.unwrap().warnings());
    for one in [
        source(SIGNATURE),
        ShelfName::new("n").into(),
        SignatureSource::Test,
    ] {
        let built = DocumentSignature::builder(&document(), one.clone())
            .build()
            .unwrap();
        is_silent(Rule::Sig3, built.warnings());
        // What is written is read back as the same source.
        assert_eq!(read((&built).into()).unwrap().source(), &one);
    }
}

#[test]
fn r_sig_4_a_senders_signature_has_one_source_and_none_on_the_shelf() {
    let build = |source| DocumentSenderSignature::builder(&document(), source).build();
    breaks(Rule::Sig4, build(ShelfName::new("n").into()));
    let wire = || events::DocumentSenderSignature::new("d").with_signature(SIGNATURE);
    let read = |wire: events::DocumentSenderSignature| DocumentSenderSignature::try_from(wire);
    breaks(Rule::Sig4, read(wire().with_sign_with_test_signature(true)));
    warns(
        Rule::Sig4,
        build(SignatureSource::Absent).unwrap().warnings(),
    );
    for one in [source(SIGNATURE), SignatureSource::Test] {
        let built = build(one.clone()).unwrap();
        is_silent(Rule::Sig4, built.warnings());
        assert_eq!(read((&built).into()).unwrap().source(), &one);
    }
}

#[test]
fn r_sig_5_what_is_sent_now_is_signed() {
    let content = |when, source: SignatureSource| {
        SignedContent::builder(CONTENT.to_vec(), when, source).build()
    };
    breaks(Rule::Sig5, content(When::Now, SignatureSource::Absent));
    content(When::Now, source(SIGNATURE)).unwrap();
    content(When::Now, SignatureSource::Test).unwrap();
    content(When::Draft, SignatureSource::Absent).unwrap();
    content(When::Later, SignatureSource::Absent).unwrap();
}

#[test]
fn r_sig_6_a_name_on_the_shelf_has_no_prefix() {
    for prefixed in [
        "__userId__/n",
        "public/n",
        "user_private_files/11112222-3333-4444-5555-666677778888/n",
        "11112222-3333-4444-5555-666677778888/n",
        "11112222333344445555666677778888/n",
        "/n",
    ] {
        let wire = events::DocumentSignature::new("d").with_signature_name_on_shelf(prefixed);
        breaks(Rule::Sig6, read(wire));
        let wire = events::SignedContent::new().with_name_on_shelf(prefixed);
        breaks(Rule::Sig6, SignedContent::from_proto(wire, When::Draft));
    }
    let build = |name| DocumentSignature::builder(&document(), ShelfName::new(name)).build();
    breaks(Rule::Sig6, build("public/n"));
    breaks(Rule::Sig6, build(""));
    for bare in ["dd-api-6831e2e9-cc81-48d5-807d-fe51c2037d44", "dd-api+1/x="] {
        build(bare).unwrap();
    }
}

#[test]
fn r_sig_7_a_prepared_content_is_of_this_document() {
    let build = |patched: &PatchedContent| {
        let builder = DocumentSignature::builder(&document(), source(SIGNATURE));
        builder.patched_content(patched).content(CONTENT).build()
    };
    breaks(
        Rule::Sig7,
        build(&patched("other", PostedBy::PostMessagePatch)),
    );
    breaks(Rule::Sig7, build(&patched("d", PostedBy::SendDraft)));
    let of_other_bytes = DocumentSignature::builder(&document(), source(SIGNATURE))
        .patched_content(&patched("d", PostedBy::PostMessagePatch))
        .content(GOST_CONTENT);
    breaks(Rule::Sig7, of_other_bytes.build());
    let draft = |patched: &PatchedContent| {
        let builder = DocumentSenderSignature::builder(&document(), source(SIGNATURE));
        builder.patched_content(patched).content(CONTENT).build()
    };
    breaks(Rule::Sig7, draft(&patched("d", PostedBy::PostMessagePatch)));
    let named = read(wire().with_patched_content_id("p")).unwrap();
    warns(Rule::Sig7, named.warnings());

    let good = build(&patched("D", PostedBy::PostMessagePatch)).unwrap();
    is_silent(Rule::Sig7, good.warnings());
    assert_eq!(
        events::DocumentSignature::from(&good)
            .patched_content_id
            .as_deref(),
        Some("p")
    );
    let sender = draft(&patched("d", PostedBy::SendDraft)).unwrap();
    assert_eq!(
        events::DocumentSenderSignature::from(&sender)
            .patched_content_id
            .as_deref(),
        Some("p")
    );
}

#[test]
fn r_sig_8_a_document_that_is_sent_later_has_no_signature_yet() {
    let content = |when| SignedContent::builder(CONTENT.to_vec(), when, source(SIGNATURE)).build();
    breaks(Rule::Sig8, content(When::Later));
    content(When::Draft).unwrap();
}

#[test]
fn r_apr_4_the_feature_does_not_show_here() {
    let builder = || DocumentSignature::builder(&document(), source(SIGNATURE));
    warns(Rule::Apr4, builder().approval().build().unwrap().warnings());
    is_silent(Rule::Apr4, builder().build().unwrap().warnings());
}

#[test]
fn r_cms_1_a_signature_is_der_to_the_last_byte() {
    for bad in [
        &b""[..],
        b"signature",
        &SIGNATURE[..SIGNATURE.len() - 1],
        &[SIGNATURE, b"more"].concat(),
    ] {
        breaks(Rule::Cms1, signed(bad));
        breaks(Rule::Cms1, read(wire().with_signature(bad.to_vec())));
    }
    let posted = |bytes: &[u8]| {
        let wire = events::DocumentSignature::from(&signed(bytes).unwrap());
        wire.signature.unwrap()
    };
    assert_eq!(posted(SIGNATURE), SIGNATURE);

    // Bytes in another form become DER; a message that was filled by hand is taken at its word.
    let zero = [SIGNATURE, b"\0"].concat();
    let line = [SIGNATURE, b"\r\n"].concat();
    for (form, words) in [
        (&zero[..], "zeros behind"),
        (&line, "line end behind"),
        (
            include_bytes!("../../crates/podpis-cms/tests/fixtures/p256.pem"),
            "PEM",
        ),
        (
            include_bytes!("../../crates/podpis-cms/tests/fixtures/p256.b64"),
            "Base64",
        ),
    ] {
        let der = posted(form);
        assert!(Signature::parse(&der).unwrap().form().is_der(), "{words}");
        assert_eq!(Signature::parse(form).unwrap().to_der(), der, "{words}");
        let raw = read(wire().with_signature(form.to_vec())).unwrap_err();
        assert_eq!(raw.rule(), Rule::Cms1);
        assert!(raw.to_string().contains(words), "{raw}");
        let content = events::SignedContent::new()
            .with_content(CONTENT)
            .with_signature(form.to_vec());
        breaks(Rule::Cms1, SignedContent::from_proto(content, When::Now));
        let given = SignatureSource::Der(form.to_vec().into());
        breaks(
            Rule::Cms1,
            DocumentSenderSignature::builder(&document(), given).build(),
        );
    }
    let ber = include_bytes!("../../crates/podpis-cms/tests/fixtures/foreign/bc-ber.p7s");
    let der = posted(ber);
    assert_ne!(der, &ber[..]);
    assert_eq!(posted(&der), der);
    let raw = read(wire().with_signature(&ber[..])).unwrap_err();
    assert!(raw.to_string().contains("BER (indefinite length)"), "{raw}");
    // The signer signed the attributes in this order, so there is no other DER of it.
    let unsorted =
        include_bytes!("../../crates/podpis-cms/tests/fixtures/foreign/unsorted-as-they-stand.p7s");
    assert_eq!(posted(unsorted), &unsorted[..]);
}

#[test]
fn r_cms_2_a_signature_is_signed_data() {
    breaks(Rule::Cms2, signed(b"\x30\x00"));
    breaks(
        Rule::Cms2,
        signed(include_bytes!(
            "../../crates/podpis-cms/tests/fixtures/digested.p7m"
        )),
    );
    signed(SIGNATURE).unwrap();
}

#[test]
fn r_cms_3_a_signature_is_detached() {
    breaks(
        Rule::Cms3,
        signed(include_bytes!(
            "../../crates/podpis-cms/tests/fixtures/attached.p7s"
        )),
    );
    signed(SIGNATURE).unwrap();
}

#[test]
fn r_cms_4_a_signature_has_a_signer_and_the_certificate() {
    // SignedData without certificates and without signers.
    let nobody = b"\x30\x23\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x16\x30\x14\x02\x01\x01\x31\x00\x30\x0b\
        \x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\x31\x00";
    breaks(Rule::Cms4, signed(nobody));
    let without = signed(include_bytes!(
        "../../crates/podpis-cms/tests/fixtures/p256.nocerts.p7s"
    ))
    .unwrap();
    warns(Rule::Cms4, without.warnings());
    is_silent(Rule::Cms4, signed(SIGNATURE).unwrap().warnings());
}

#[test]
fn r_cms_5_a_digest_is_a_gost_one() {
    warns(Rule::Cms5, signed(SIGNATURE).unwrap().warnings());
    is_silent(Rule::Cms5, signed(GOST).unwrap().warnings());
    let of_512 = include_bytes!("../../crates/podpis-cms/tests/fixtures/gost/detached512.p7s");
    is_silent(Rule::Cms5, signed(of_512).unwrap().warnings());
}

#[test]
fn r_cms_6_a_signature_is_of_the_exact_bytes() {
    let build = |content: &'static [u8]| {
        let builder = DocumentSignature::builder(&document(), source(SIGNATURE));
        builder.content(content).build()
    };
    breaks(Rule::Cms6, build(GOST_CONTENT));
    let good = build(CONTENT).unwrap();
    good.check_bytes(CONTENT).unwrap();
    breaks(Rule::Cms6, good.check_bytes(&CONTENT[1..]));
    let content =
        |bytes: &[u8]| SignedContent::builder(bytes.to_vec(), When::Now, source(SIGNATURE)).build();
    breaks(Rule::Cms6, content(GOST_CONTENT));
    content(CONTENT).unwrap();
    // What is wrong is told.
    let told = |der: &[u8], content: &[u8]| {
        let breach = signed(der).unwrap().check_bytes(content).unwrap_err();
        assert_eq!(breach.rule(), Rule::Cms6);
        breach.to_string()
    };
    let of_others = told(SIGNATURE, GOST_CONTENT);
    assert!(of_others.contains("is not of the bytes"), "{of_others}");
    let mut wrong = SIGNATURE.to_vec();
    *wrong.last_mut().unwrap() ^= 1;
    let wrong = told(&wrong, CONTENT);
    assert!(wrong.contains("does not verify"), "{wrong}");
    let sha1 = told(
        include_bytes!("../../crates/podpis-cms/tests/fixtures/p256.sha1.p7s"),
        CONTENT,
    );
    assert!(sha1.contains("SHA-1"), "{sha1}");
    // Of a GOST value nothing can be said here, of its digest all.
    let gost = signed(GOST).unwrap();
    gost.check_bytes(GOST_CONTENT).unwrap();
    breaks(Rule::Cms6, gost.check_bytes(CONTENT));
}

#[test]
fn r_poa_1_a_power_of_attorney_is_named_in_one_way() {
    let read = |wire: events::PowerOfAttorneyToPost| PowerOfAttorney::try_from(wire);
    let both = events::PowerOfAttorneyToPost::from(&registered());
    breaks(
        Rule::Poa1,
        read(events::PowerOfAttorneyToPost {
            use_default: true,
            ..both
        }),
    );
    breaks(Rule::Poa1, read(events::PowerOfAttorneyToPost::new(false)));
    let with = |power| {
        let builder = DocumentSignature::builder(&document(), source(SIGNATURE));
        builder.power_of_attorney(power).build()
    };
    let (number, issuer, representative) = REGISTERED;
    for (number, issuer, representative) in [
        ("5a7d6b1e", issuer, representative),
        (number, " ", representative),
        (number, "77000000011", representative),
        (number, issuer, ""),
        (number, issuer, "77010000001x"),
    ] {
        let power = PowerOfAttorney::registered(number, issuer, representative);
        breaks(Rule::Poa1, with(power));
    }
    breaks(Rule::Poa1, with(PowerOfAttorney::Contents(Vec::new())));
    for good in powers() {
        let built = with(good.clone()).unwrap();
        assert_eq!(
            read(
                events::DocumentSignature::from(&built)
                    .power_of_attorney
                    .unwrap()
            )
            .unwrap(),
            good
        );
    }
}

/// Number, who issued it, who acts by it.
const REGISTERED: (&str, &str, &str) = (
    "5a7d6b1e-0001-4c5e-9a57-0d1ad0c00001",
    "7700000001",
    "770100000012",
);

fn registered() -> PowerOfAttorney {
    PowerOfAttorney::registered(REGISTERED.0, REGISTERED.1, REGISTERED.2)
}

fn powers() -> [PowerOfAttorney; 6] {
    let file = podpis::diadoc::document_signature::PowerOfAttorneyFile {
        content: ContentSource::Inline("<xml/>".into()),
        signature: ContentSource::Entity {
            message: MessageId::new("m"),
            entity: EntityId::new("s"),
        },
    };
    [
        registered(),
        PowerOfAttorney::by_default(),
        PowerOfAttorney::Default { as_file: true },
        PowerOfAttorney::Content(file.clone()),
        PowerOfAttorney::Contents(vec![file.clone(), file]),
        PowerOfAttorney::InDocument,
    ]
}

#[test]
fn r_poa_2_use_default_is_written_even_where_it_is_false() {
    let power = registered();
    let bytes = events::PowerOfAttorneyToPost::from(&power).encode_to_vec();
    assert!(bytes.ends_with(b"\x10\x00"));
    let read = |bytes: &'static [u8]| decode_checked::<events::PowerOfAttorneyToPost>(bytes);
    read(b"\x0a\x06\x0a\x01n\x12\x01i\x10\x00").unwrap(); // the schema alone has the third field optional
    let missing = read(b"\x0a\x06\x0a\x01n\x12\x01i").unwrap_err();
    assert!(missing.to_string().contains("UseDefault"), "{missing}");
}

#[test]
fn r_poa_3_only_one_that_is_named_can_be_sent_as_a_file() {
    let as_file = |power: &PowerOfAttorney| {
        let wire = events::PowerOfAttorneyToPost::from(power);
        PowerOfAttorney::try_from(wire.with_send_as_file(true))
    };
    let [number, default, _, file, files, inside] = powers();
    for cannot in [file, files, inside] {
        breaks(Rule::Poa3, as_file(&cannot));
    }
    for can in [number, default] {
        let sent = events::PowerOfAttorneyToPost::from(&as_file(&can).unwrap());
        assert_eq!(sent.send_as_file, Some(true));
    }
}

#[test]
fn r_poa_4_a_physical_person_needs_a_power_of_attorney() {
    let builder = || DocumentSignature::builder(&document(), source(SIGNATURE));
    let person = || builder().subject_type(CertificateSubjectType::PHYSICAL_PERSON);
    warns(Rule::Poa4, person().build().unwrap().warnings());
    let with = person().power_of_attorney(PowerOfAttorney::by_default());
    is_silent(Rule::Poa4, with.build().unwrap().warnings());
    let employee = builder().subject_type(CertificateSubjectType::LEGAL_ENTITY);
    is_silent(Rule::Poa4, employee.build().unwrap().warnings());
}

#[test]
fn r_lbl_1_labels_are_few_short_and_plain() {
    let labelled = |labels: &[&str]| {
        let builder = DocumentSignature::builder(&document(), source(SIGNATURE));
        let add = |builder: podpis::diadoc::document_signature::DocumentSignatureBuilder,
                   label: &&str| builder.label(*label);
        labels.iter().fold(builder, add).build()
    };
    let many: Vec<String> = (0..31).map(|number| format!("l{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for bad in [
        &["метка"][..],
        &["a b"],
        &["a_b"],
        &[""],
        &["_"],
        &["123456789012345678901"],
        &["Done", "done"],
        &many,
    ] {
        breaks(Rule::Lbl1, labelled(bad));
    }
    warns(Rule::Lbl1, labelled(&["_read"]).unwrap().warnings());
    let good = labelled(&many[..30]).unwrap();
    is_silent(Rule::Lbl1, good.warnings());
    assert_eq!(events::DocumentSignature::from(&good).labels, many[..30]);
}

#[test]
fn r_prp_1_a_signer_is_named() {
    let read = |wire: invoicing::Signer| Signer::try_from(wire);
    breaks(Rule::Prp1, read(invoicing::Signer::new()));
    breaks(
        Rule::Prp1,
        read(invoicing::Signer::new().with_signer_certificate_thumbprint("none")),
    );
    read(invoicing::Signer::new().with_signer_certificate(&b"\x30\x00"[..])).unwrap();
    let person = invoicing::SignerDetails::new("S", "F");
    read(invoicing::Signer::new().with_signer_details(person)).unwrap();
}

#[test]
fn r_lim_1_what_is_large_goes_by_the_shelf() {
    let content = |length: usize| {
        SignedContent::builder(vec![0; length], When::Now, SignatureSource::Test).build()
    };
    warns(Rule::Lim1, content(500_001).unwrap().warnings());
    is_silent(Rule::Lim1, content(500_000).unwrap().warnings());
    // Of a signature it is the DER that counts.
    let padded = [SIGNATURE, &[0; 500_001][..]].concat();
    is_silent(Rule::Lim1, signed(&padded).unwrap().warnings());
}

/// A signature is printed with its length only.
#[test]
fn a_signature_is_never_printed() {
    let signature = signed(SIGNATURE).unwrap();
    let shown = format!("{signature:?} {signature}");
    assert!(
        shown.contains(&format!("Der({})", SIGNATURE.len())),
        "{shown}"
    );
    assert!(shown.len() < 2_000, "{shown}");
}

#[test]
fn every_rule_has_a_test_with_its_name() {
    let sources = [
        include_str!("rules.rs"),
        include_str!("rules_of_messages.rs"),
        include_str!("rules_of_calls.rs"),
    ];
    for rule in Rule::ALL {
        let name = format!("fn {}_", rule.id().to_lowercase().replace('-', "_"));
        let tests = sources.iter().filter(|source| source.contains(&name));
        assert!(tests.count() > 0, "{rule}: no test is named `{name}…`");
    }
}
