//! Decides whether a path leaves a certificate policy that holds (RFC 5280 6.1), when any will do.
//!
//! **Invariant:** with every policy accepted at the start, only a certificate of the path that
//! requires an explicit one can make it fail. Where policies are mapped to others and an explicit one
//! is required, it fails: nothing is guessed.

use podpis_cms::oid_text;
use podpis_cms::tlv::{self};

use crate::extension;
use crate::known::Known;
use crate::oid;

/// The policies that hold so far.
enum Valid {
    /// Whatever the next certificate says.
    Any,
    These(Vec<Vec<u8>>),
}

/// The state of RFC 5280 6.1.2 that is about policies.
pub(crate) struct Policies {
    valid: Valid,
    /// Certificates until an explicit policy is required.
    explicit: usize,
    /// Certificates until anyPolicy no longer counts.
    any: usize,
    is_mapped: bool,
}

/// No policy holds, or they cannot be read.
pub(crate) struct Broken;

impl Policies {
    /// For a path of so many certificates below the root.
    pub(crate) fn new(length: usize) -> Self {
        Self {
            valid: Valid::Any,
            explicit: length + 1,
            any: length + 1,
            is_mapped: false,
        }
    }

    /// The next certificate from the root.
    pub(crate) fn take(&mut self, known: &Known, is_last: bool) -> Result<(), Broken> {
        let may_be_any = self.any > 0 || (!is_last && known.is_self_issued());
        self.keep(known, may_be_any)?;
        self.hold()?;
        if is_last {
            self.explicit = self.explicit.saturating_sub(1);
        } else if !known.is_self_issued() {
            self.explicit = self.explicit.saturating_sub(1);
            self.any = self.any.saturating_sub(1);
        }
        self.is_mapped |= known.extension(oid::POLICY_MAPPINGS).is_some();
        if let Some(constraints) = known.extension(oid::POLICY_CONSTRAINTS) {
            let fields = constraints.fields().and_then(extension::whole);
            for field in fields.ok_or(Broken)? {
                let skip = extension::count(field.content()).ok_or(Broken)?;
                match field.tag() {
                    tlv::CONTEXT_0_PRIMITIVE if is_last && skip > 0 => {}
                    tlv::CONTEXT_0_PRIMITIVE => self.explicit = self.explicit.min(skip),
                    // inhibitPolicyMapping: mappings are not followed anyway.
                    tlv::CONTEXT_1_PRIMITIVE => {}
                    _ => return Err(Broken),
                }
            }
        }
        if let Some(inhibit) = known.extension(oid::INHIBIT_ANY_POLICY) {
            let skip = inhibit
                .element()
                .filter(|skip| skip.tag() == tlv::INTEGER)
                .and_then(|skip| extension::count(skip.content()));
            self.any = self.any.min(skip.ok_or(Broken)?);
        }
        if is_last { self.hold() } else { Ok(()) }
    }

    fn keep(&mut self, known: &Known, may_be_any: bool) -> Result<(), Broken> {
        let stated = match known.extension(oid::CERTIFICATE_POLICIES) {
            Some(_) => of(known).ok_or(Broken)?,
            None => Vec::new(),
        };
        let has_any = may_be_any
            && stated
                .iter()
                .any(|policy| *policy == oid::ANY_POLICY.as_bytes());
        if has_any {
            return Ok(());
        }
        let stated = stated
            .into_iter()
            .filter(|policy| *policy != oid::ANY_POLICY.as_bytes())
            .map(<[u8]>::to_vec);
        self.valid = Valid::These(match &self.valid {
            Valid::Any => stated.collect(),
            Valid::These(valid) => stated.filter(|policy| valid.contains(policy)).collect(),
        });
        Ok(())
    }

    fn hold(&self) -> Result<(), Broken> {
        let is_left = match &self.valid {
            Valid::Any => true,
            Valid::These(policies) => !policies.is_empty(),
        };
        if self.explicit > 0 || (is_left && !self.is_mapped) {
            Ok(())
        } else {
            Err(Broken)
        }
    }
}

/// Policies of one certificate that are read at most.
const MOST: usize = 256;

/// The policies that a certificate states; `None` if they cannot be read.
fn of(known: &Known) -> Option<Vec<&[u8]>> {
    let what = "certificatePolicies";
    let mut fields = known.extension(oid::CERTIFICATE_POLICIES)?.fields()?;
    let mut all = Vec::new();
    while !fields.is_empty() {
        if all.len() == MOST {
            return None;
        }
        let mut policy = fields.expect(tlv::SEQUENCE, what).ok()?.inside();
        all.push(policy.expect(tlv::OBJECT_IDENTIFIER, what).ok()?.content());
    }
    Some(all)
}

/// The policies that a certificate states, dotted.
pub(crate) fn stated(known: &Known) -> Vec<String> {
    of(known)
        .unwrap_or_default()
        .into_iter()
        .map(oid_text)
        .collect()
}
