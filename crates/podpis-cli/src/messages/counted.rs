//! Numbers with their nouns.
//!
//! **Invariant:** one function has the rule of each language, and every noun that is counted goes through it.

use super::Language;

/// A noun as it stands behind numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noun {
    /// Behind 1, and behind any other number.
    english: [&'static str; 2],
    /// Behind 1, behind 2, and behind 5.
    russian: [&'static str; 3],
}

pub(super) const BYTES: Noun = Noun {
    english: ["byte", "bytes"],
    russian: ["байт", "байта", "байт"],
};
/// Behind "больше".
pub(super) const THAN_BYTES: Noun = Noun {
    english: ["byte", "bytes"],
    russian: ["байта", "байт", "байт"],
};
pub(super) const DAYS: Noun = Noun {
    english: ["d", "d"],
    russian: ["день", "дня", "дней"],
};
pub(super) const DOCUMENTS: Noun = Noun {
    english: ["document", "documents"],
    russian: ["документ", "документа", "документов"],
};
pub(super) const IN_MESSAGES: Noun = Noun {
    english: ["message", "messages"],
    russian: ["сообщении", "сообщениях", "сообщениях"],
};
pub(super) const ORGANIZATIONS: Noun = Noun {
    english: ["organization", "organizations"],
    russian: ["организация", "организации", "организаций"],
};
pub(super) const BOXES: Noun = Noun {
    english: ["box", "boxes"],
    russian: ["ящик", "ящика", "ящиков"],
};
pub(super) const ACCOUNTS: Noun = Noun {
    english: ["account", "accounts"],
    russian: ["учётная запись", "учётные записи", "учётных записей"],
};
pub(super) const CERTIFICATES: Noun = Noun {
    english: ["certificate", "certificates"],
    russian: ["сертификат", "сертификата", "сертификатов"],
};
pub(super) const RECEIPTS: Noun = Noun {
    english: ["receipt", "receipts"],
    russian: ["извещение", "извещения", "извещений"],
};
pub(super) const BATCHES: Noun = Noun {
    english: ["batch", "batches"],
    russian: ["пачка", "пачки", "пачек"],
};
pub(super) const OPERATIONS: Noun = Noun {
    english: ["operation", "operations"],
    russian: ["операция", "операции", "операций"],
};
/// Behind "больше".
pub(super) const THAN_OPERATIONS: Noun = Noun {
    english: ["operation", "operations"],
    russian: ["операции", "операций", "операций"],
};
pub(super) const RECORDS: Noun = Noun {
    english: ["record", "records"],
    russian: ["запись", "записи", "записей"],
};
pub(super) const BITS: Noun = Noun {
    english: ["bit", "bits"],
    russian: ["бит", "бита", "бит"],
};

impl Language {
    /// A number with its noun.
    pub(super) fn counted(self, number: impl TryInto<u64>, noun: Noun) -> String {
        let number = number.try_into().unwrap_or(u64::MAX);
        match self {
            Self::English => {
                let [one, many] = noun.english;
                format!("{number} {}", if number == 1 { one } else { many })
            }
            Self::Russian => in_russian(number, noun.russian),
        }
    }
}

/// A number with its noun in Russian, by its forms behind 1, 2 and 5.
pub(super) fn in_russian(number: u64, [one, few, many]: [&str; 3]) -> String {
    let noun = match (number % 10, number % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    };
    format!("{number} {noun}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_follow_their_numbers() {
        for (number, english, russian) in [
            (0, "0 boxes", "0 ящиков"),
            (1, "1 box", "1 ящик"),
            (2, "2 boxes", "2 ящика"),
            (4, "4 boxes", "4 ящика"),
            (5, "5 boxes", "5 ящиков"),
            (11, "11 boxes", "11 ящиков"),
            (14, "14 boxes", "14 ящиков"),
            (21, "21 boxes", "21 ящик"),
            (22, "22 boxes", "22 ящика"),
            (111, "111 boxes", "111 ящиков"),
            (1_001, "1001 boxes", "1001 ящик"),
        ] {
            let told = |language: Language| language.counted(number as u64, BOXES);
            assert_eq!(told(Language::English), english);
            assert_eq!(told(Language::Russian), russian);
        }
    }
}
