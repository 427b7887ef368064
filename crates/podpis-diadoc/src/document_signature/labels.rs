//! Labels of a signature.
//!
//! **Invariant:** what the service would refuse is refused here, and names the label.

use super::rule::{Breach, Rule};

const MOST: usize = 30;
const LONGEST: usize = 20;

/// Checks them; gives warnings.
pub(super) fn check(labels: &[String]) -> Result<Vec<Breach>, Breach> {
    let breach = |text: String| Breach::new(Rule::Lbl1, text);
    if labels.len() > MOST {
        let text = format!(
            "there are {} labels, and at most {MOST} may be",
            labels.len()
        );
        return Err(breach(text));
    }
    let mut warnings = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        let shown: String = label.chars().take(40).collect();
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let own = label.strip_prefix('_').unwrap_or(label);
        let before = &labels[..index];
        if own.is_empty() {
            return Err(breach(format!("the label `{shown}` is empty")));
        } else if label.chars().count() > LONGEST {
            let text = format!("the label `{shown}` has more than {LONGEST} characters");
            return Err(breach(text));
        } else if !own.chars().all(allowed) {
            let text = format!(
                "the label `{shown}` has more in it than Latin letters, digits and hyphens"
            );
            return Err(breach(text));
        } else if before.iter().any(|other| other.eq_ignore_ascii_case(label)) {
            return Err(breach(format!("the label `{shown}` is there twice")));
        } else if own.len() < label.len() {
            let text =
                format!("labels that begin with `_`, such as `{shown}`, are the service's own");
            warnings.push(breach(text));
        }
    }
    Ok(warnings)
}
