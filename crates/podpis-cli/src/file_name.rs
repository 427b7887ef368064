//! Decides under which file name something is written whose name came from a service.
//!
//! **Invariant:** one plain name: no folder, no drive, no hidden character, no hidden file, nothing that a system
//! keeps for itself, and short enough for a suffix.

use std::path::Path;

use crate::hidden::is_hidden;

/// The longest name in bytes, so that a number and `.p7s` still fit into 255.
const LONGEST: usize = 220;

/// What Windows takes for a device, whatever the extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// A name that is safe in any folder; `fallback` where nothing is left of it.
pub(crate) fn safe(name: &str, fallback: &str) -> String {
    let last = name.rsplit(['/', '\\', ':']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|&c| !is_hidden(c))
        .map(|c| if "<>\"|?*".contains(c) { '_' } else { c })
        .collect();
    let plain = plain
        .trim_start_matches(|c: char| c == '.' || c.is_whitespace())
        .trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let plain = shortened(plain);
    if plain.is_empty() {
        fallback.to_owned()
    } else if is_device(&plain) {
        format!("_{plain}")
    } else {
        plain
    }
}

/// The same name with a number before its extension; the first has none.
pub(crate) fn numbered(name: &str, number: u32) -> String {
    if number == 1 {
        return name.to_owned();
    }
    let path = Path::new(name);
    match (path.file_stem(), path.extension()) {
        (Some(stem), Some(extension)) => format!(
            "{}.{number}.{}",
            stem.to_string_lossy(),
            extension.to_string_lossy()
        ),
        _ => format!("{name}.{number}"),
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_lowercase();
    let port = |name: &str| {
        stem.strip_prefix(name)
            .is_some_and(|rest| rest.chars().count() == 1)
    };
    DEVICES.contains(&stem.as_str()) || port("com") || port("lpt")
}

fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let extension = Path::new(name)
        .extension()
        .and_then(|extension| extension.to_str())
        .filter(|extension| extension.len() <= 20)
        .map(|extension| format!(".{extension}"))
        .unwrap_or_default();
    let mut stem = name.strip_suffix(&extension).unwrap_or(name).to_owned();
    while stem.len() + extension.len() > LONGEST {
        stem.pop();
    }
    format!("{}{extension}", stem.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for (name, expected) in [
            ("act.xml", "act.xml"),
            ("Акт № 1.xml", "Акт № 1.xml"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\evil.exe", "evil.exe"),
            ("C:\\x\\act", "act"),
            ("C:act", "act"),
            ("act.xml:stream", "stream"),
            ("/", "document"),
            ("..", "document"),
            (". . .", "document"),
            ("", "document"),
            ("   ", "document"),
            ("\0\n\u{7f}", "document"),
            (".bashrc", "bashrc"),
            ("a\nb\u{1b}[2J.xml", "ab[2J.xml"),
            ("act\u{202e}lmx.exe", "actlmx.exe"),
            ("act.xml. ", "act.xml"),
            ("a*b?.xml", "a_b_.xml"),
            ("nul", "_nul"),
            ("Con.xml", "_Con.xml"),
            ("LPT1.txt", "_LPT1.txt"),
            ("combo.txt", "combo.txt"),
        ] {
            let safe = safe(name, "document");
            assert_eq!(safe, expected, "{name:?}");
            assert_eq!(Path::new(&safe).components().count(), 1);
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let name = safe(&format!("{}.xml", "я".repeat(500)), "document");
        assert!(name.len() <= LONGEST && name.ends_with("я.xml"), "{name}");
    }

    #[test]
    fn numbers_stand_before_the_extension() {
        for (name, expected) in [("a.xml", "a.2.xml"), ("a", "a.2"), ("a.b.c", "a.b.2.c")] {
            assert_eq!(numbered(name, 1), name);
            assert_eq!(numbered(name, 2), expected);
        }
    }
}
