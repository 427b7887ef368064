//! Whether README.ru.md has all that README.md has.
//!
//! Nobody can tell by a program whether a translation is right, but much of a text is the same in every language: its
//! headings, list items, rows and code, and what it sets in backticks or links to. Comments in code are translated, and
//! the lines that only rustdoc needs are left out.
//!
//! *Invariant:* sections are compared one by one, in their order, so what is missing is named with its place.

use std::collections::BTreeMap;

use super::Violation;

/// What a section has that is the same in every language, by what it is.
#[derive(Debug)]
struct Section {
    line: usize,
    prose: String,
    facts: BTreeMap<&'static str, Vec<String>>,
}

impl Section {
    fn at(line: usize) -> Self {
        Self {
            line,
            prose: String::new(),
            facts: BTreeMap::new(),
        }
    }

    fn has(&mut self, what: &'static str, fact: impl Into<String>) {
        self.facts.entry(what).or_default().push(fact.into());
    }

    /// What stands in the sentences, whose words have another order in another language.
    fn finish(mut self) -> Self {
        let prose = std::mem::take(&mut self.prose);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut quoted: Vec<_> = prose.split('`').skip(1).step_by(2).map(words).collect();
        quoted.sort_unstable();
        self.facts.insert("words in backticks", quoted);
        let after = prose.split("](").skip(1);
        let mut links: Vec<_> = after
            .filter_map(|after| Some(after.split_once(')')?.0.to_owned()))
            .collect();
        links.sort_unstable();
        self.facts.insert("links", links);
        self
    }
}

/// What the Russian text lacks, or has in addition.
pub(super) fn check(english: &str, russian: &str) -> Vec<Violation> {
    let (english, russian) = (sections(english), sections(russian));
    let violation = |line: usize, rule: String| {
        let fix = "let both texts say the same";
        Violation::new(format!("README.ru.md:{line}"), rule, fix)
    };
    if english.len() != russian.len() {
        let rule = format!(
            "has {} headings, and README.md {}",
            russian.len() - 1,
            english.len() - 1
        );
        return vec![violation(1, rule)];
    }
    let mut violations = Vec::new();
    for (ours, theirs) in english.iter().zip(&russian) {
        let kinds = ours.facts.keys().chain(theirs.facts.keys());
        for what in kinds.collect::<std::collections::BTreeSet<_>>() {
            let of = |section: &Section| section.facts.get(what).cloned().unwrap_or_default();
            let (ours_has, theirs_has) = (of(ours), of(theirs));
            let longest = ours_has.len().max(theirs_has.len());
            let differs = |at: &usize| ours_has.get(*at) != theirs_has.get(*at);
            if let Some(at) = (0..longest).find(differs) {
                let shown =
                    |facts: &[String]| facts.get(at).map_or("nothing", String::as_str).to_owned();
                let rule = format!(
                    "this section has other {what} than README.md:{}: `{}`, and there `{}`",
                    ours.line,
                    shown(&theirs_has),
                    shown(&ours_has)
                );
                violations.push(violation(theirs.line, rule));
            }
        }
    }
    violations
}

/// The text before the first heading, and what is below each.
fn sections(text: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut section = Section::at(1);
    let mut language = None;
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(fence) = line.strip_prefix("```") {
            let opened = fence.split(',').next().unwrap_or_default();
            language = language.is_none().then_some(opened);
            section.has("code", language.unwrap_or("```"));
        } else if let Some(language) = language {
            let code = without_comment(line, language);
            if !code.is_empty() {
                section.has("code", code);
            }
        } else {
            if line.starts_with('#') {
                sections.push(std::mem::replace(&mut section, Section::at(number)));
                let level = line
                    .chars()
                    .take_while(|sign| *sign == '#')
                    .collect::<String>();
                section.has("headings", level);
            } else if line.starts_with("- ") {
                section.has("list items", "-");
            } else if line.starts_with('|') {
                section.has("rows", "|".repeat(line.matches('|').count()));
            }
            section.prose.push_str(line);
            section.prose.push('\n');
        }
    }
    sections.push(section);
    sections.into_iter().map(Section::finish).collect()
}

/// A line of code as it is in every language.
fn without_comment<'l>(line: &'l str, language: &str) -> &'l str {
    let is_rust = language == "rust";
    if is_rust && (line == "#" || line.starts_with("# ")) {
        return "";
    }
    let marks = line.match_indices(if is_rust { "//" } else { "#" });
    let begins = |at: &usize| line[..*at].ends_with(char::is_whitespace) || *at == 0;
    let comment = marks.map(|(at, _)| at).find(begins);
    line[..comment.unwrap_or(line.len())].trim_end()
}

#[cfg(test)]
mod tests {
    use super::check;

    const ENGLISH: &str = "# One\n\nText with `a word`\nand [a link](https://example.org).\n\n- an item\n\n## Two\n\n\
        | you want | call |\n|---|---|\n| this | `f()` |\n\n```sh\npodpis ops    # all of them\n```\n\n\
        ```rust,no_run\n# fn hidden() {\n// Says why.\nlet url = \"https://example.org\"; // and where\n# }\n```\n";

    const RUSSIAN: &str = "# Раз\n\n[Ссылка](https://example.org) и `a\nword`.\n\n- пункт\n\n## Два\n\n\
        | нужно | вызов |\n|---|---|\n| это | `f()` |\n\n```sh\npodpis ops    # все\n```\n\n\
        ```rust\n// Почему.\nlet url = \"https://example.org\"; // и где\n```\n";

    #[test]
    fn a_translation_has_other_words_and_nothing_else_that_is_other() {
        assert_eq!(check(ENGLISH, RUSSIAN), []);
        for (from, to, place, what) in [
            ("## Два\n", "", 1, "has 1 headings, and README.md 2"),
            ("## Два", "### Два", 8, "other headings"),
            ("- пункт\n", "", 1, "other list items"),
            ("| это | `f()` |\n", "| `f()` |\n", 8, "other rows"),
            ("| это | `f()` |\n", "", 8, "other rows"),
            ("`f()`", "`g()`", 8, "other words in backticks"),
            (
                "https://example.org)",
                "https://example.com)",
                1,
                "other links",
            ),
            ("podpis ops ", "podpis op ", 8, "other code"),
            ("org\"; //", "com\"; //", 8, "other code"),
            ("```rust\n", "```text\n", 8, "other code"),
        ] {
            let changed = RUSSIAN.replacen(from, to, 1);
            let found: Vec<String> = check(ENGLISH, &changed)
                .iter()
                .map(ToString::to_string)
                .collect();
            let named = |line: &String| {
                line.starts_with(&format!("README.ru.md:{place}: ")) && line.contains(what)
            };
            assert!(found.iter().any(named), "{from:?} to {to:?}: {found:?}");
        }
    }
}
