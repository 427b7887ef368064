//! Decides what a docflow tells of itself beside its state, by the authority it is with.
//!
//! **Invariant:** members have the names and the types that both official SDKs read; of two spellings of one member
//! both are there.

use serde_json::{Value, json};

use super::things::Docflow;

/// The `description` of a docflow.
pub(super) fn of(docflow: &Docflow) -> Value {
    let payer = match &docflow.kpp {
        Some(kpp) => format!("{}-{kpp}", docflow.inn),
        None => docflow.inn.clone(),
    };
    let form = |knd: &str, name: &str| json!({ "knd": knd, "version": "5.08", "form-fullname": name, "form-shortname": name });
    match docflow.kind.trim_start_matches("urn:docflow:") {
        "fns534-report" => json!({
            "form-version": form("1151001", "НДС"),
            "recipient": "0087", "final-recipient": "0087", "recepient": "0087", "final-recepient": "0087",
            "correction-number": 0,
            "period-begin": "2023-07-01T00:00:00.0000000", "period-end": "2023-09-30T00:00:00.0000000",
            "period-code": "23", "payer-inn": payer, "original-draft-id": null,
        }),
        "fns534-demand" => json!({
            "cu": "0087", "transit-cu": "0087", "attachments-count": 1, "payer-inn": payer,
            "form-versions": [form("1165013", "Требование о представлении документов")],
        }),
        "fns534-inventory" => json!({
            "form-version": form("1184002", "Опись документов"),
            "recipient": "0087", "final-recipient": "0087", "payer-inn": payer,
        }),
        "stat-report" => json!({
            "form-version": { "okud": "0610013", "version": "1", "form-fullname": "П-1" },
            "recipient": "77-00", "okpo": "00000001", "okud": "0610013", "correction-number": 0,
            "period-begin": "2023-09-01T00:00:00.0000000", "period-end": "2023-09-30T00:00:00.0000000",
            "period-code": "09",
        }),
        "stat-letter" => json!({
            "cu": "77-00", "recipient": "77-00", "subject": "Письмо в Росстат", "okpo": "00000001",
        }),
        "pfr-report" => json!({
            "registration-number": "087-000-000001", "cu": "087-000", "final-recipient": "087-000",
            "form-version": { "version": "1.0", "form-fullname": "СЗВ-М" },
        }),
        "fss-report" => json!({
            "registration-number": "7700000001", "fss-id": "1", "fss-stage-type": "FormingReceipt",
            "fss-stage-status": "Success", "form-version": { "version": "1.0", "form-fullname": "4-ФСС" },
        }),
        _ => json!({}),
    }
}
