//! Numbers of the many kinds of attachment.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::events::AttachmentType;

#[test]
fn members_have_the_numbers_of_the_wire() {
    let numbers = [
        (AttachmentType::UNKNOWN_ATTACHMENT_TYPE.number(), -1),
        (AttachmentType::NONFORMALIZED.number(), 0),
        (AttachmentType::INVOICE.number(), 1),
        (AttachmentType::INVOICE_RECEIPT.number(), 2),
        (AttachmentType::INVOICE_CONFIRMATION.number(), 3),
        (AttachmentType::INVOICE_CORRECTION_REQUEST.number(), 4),
        (AttachmentType::ATTACHMENT_COMMENT.number(), 5),
        (AttachmentType::DELIVERY_FAILURE_NOTIFICATION.number(), 6),
        (AttachmentType::EANCOM_INVOIC.number(), 7),
        (AttachmentType::SIGNATURE_REQUEST_REJECTION.number(), 8),
        (
            AttachmentType::ECR_CAT_CONFORMANCE_CERTIFICATE_METADATA.number(),
            9,
        ),
        (AttachmentType::SIGNATURE_VERIFICATION_REPORT.number(), 10),
        (AttachmentType::TRUST_CONNECTION_REQUEST.number(), 11),
        (AttachmentType::TORG12.number(), 12),
        (AttachmentType::INVOICE_REVISION.number(), 13),
        (AttachmentType::INVOICE_CORRECTION.number(), 14),
        (AttachmentType::INVOICE_CORRECTION_REVISION.number(), 15),
        (AttachmentType::ACCEPTANCE_CERTIFICATE.number(), 16),
        (AttachmentType::STRUCTURED_DATA.number(), 17),
        (AttachmentType::PROFORMA_INVOICE.number(), 18),
        (AttachmentType::XML_TORG12.number(), 19),
        (AttachmentType::XML_ACCEPTANCE_CERTIFICATE.number(), 20),
        (AttachmentType::XML_TORG12_BUYER_TITLE.number(), 21),
        (
            AttachmentType::XML_ACCEPTANCE_CERTIFICATE_BUYER_TITLE.number(),
            22,
        ),
        (AttachmentType::RESOLUTION.number(), 23),
        (AttachmentType::RESOLUTION_REQUEST.number(), 24),
        (AttachmentType::RESOLUTION_REQUEST_DENIAL.number(), 25),
        (AttachmentType::PRICE_LIST.number(), 26),
        (AttachmentType::RECEIPT.number(), 27),
        (AttachmentType::XML_SIGNATURE_REJECTION.number(), 28),
        (AttachmentType::REVOCATION_REQUEST.number(), 29),
        (AttachmentType::PRICE_LIST_AGREEMENT.number(), 30),
        (AttachmentType::CERTIFICATE_REGISTRY.number(), 34),
        (AttachmentType::RECONCILIATION_ACT.number(), 35),
        (AttachmentType::CONTRACT.number(), 36),
        (AttachmentType::TORG13.number(), 37),
        (AttachmentType::SERVICE_DETAILS.number(), 38),
        (AttachmentType::ROAMING_NOTIFICATION.number(), 39),
        (AttachmentType::SUPPLEMENTARY_AGREEMENT.number(), 40),
        (AttachmentType::UNIVERSAL_TRANSFER_DOCUMENT.number(), 41),
        (
            AttachmentType::UNIVERSAL_TRANSFER_DOCUMENT_BUYER_TITLE.number(),
            42,
        ),
        (
            AttachmentType::UNIVERSAL_TRANSFER_DOCUMENT_REVISION.number(),
            45,
        ),
        (AttachmentType::UNIVERSAL_CORRECTION_DOCUMENT.number(), 49),
        (
            AttachmentType::UNIVERSAL_CORRECTION_DOCUMENT_REVISION.number(),
            50,
        ),
        (
            AttachmentType::UNIVERSAL_CORRECTION_DOCUMENT_BUYER_TITLE.number(),
            51,
        ),
        (AttachmentType::CUSTOM_DATA.number(), 64),
        (AttachmentType::MOVE_DOCUMENT.number(), 65),
        (
            AttachmentType::RESOLUTION_ROUTE_ASSIGNMENT_ATTACHMENT.number(),
            66,
        ),
        (
            AttachmentType::RESOLUTION_ROUTE_REMOVAL_ATTACHMENT.number(),
            67,
        ),
        (AttachmentType::TITLE.number(), 68),
        (AttachmentType::CANCELLATION.number(), 69),
        (AttachmentType::EDITION.number(), 71),
        (AttachmentType::DELETION_RESTORATION.number(), 72),
        (AttachmentType::TEMPLATE_TRANSFORMATION.number(), 73),
        (AttachmentType::TEMPLATE_REFUSAL.number(), 74),
        (AttachmentType::OUTER_DOCFLOW.number(), 75),
        (AttachmentType::ROAMING_CONFIRMATION.number(), 76),
        (AttachmentType::POWER_OF_ATTORNEY.number(), 77),
        (AttachmentType::POWER_OF_ATTORNEY_STATUS.number(), 78),
        (AttachmentType::UNIVERSAL_MESSAGE.number(), 79),
        (
            AttachmentType::TT_GIS_FIXATION_CANCELLATION_REQUEST.number(),
            87,
        ),
        (AttachmentType::TEMPLATE_TRANSFORMATION_CHANGE.number(), 90),
    ];
    for (index, (ours, wire)) in numbers.into_iter().enumerate() {
        assert_eq!(ours, wire, "row {index}");
    }
}
