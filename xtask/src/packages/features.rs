//! Which sets of the facade's features are compiled.
//!
//! *Invariant:* each feature alone and each pair. What one of them needs of another it turns on itself.

use super::Published;

/// No features, each alone, and each pair, as cargo takes them.
pub(super) fn sets(facade: &Published) -> Vec<String> {
    let features: Vec<&str> = facade
        .features
        .keys()
        .map(String::as_str)
        .filter(|name| *name != "default")
        .collect();
    let mut sets = vec![String::new()];
    sets.extend(features.iter().map(|name| (*name).to_owned()));
    for (index, first) in features.iter().enumerate() {
        for second in &features[index + 1..] {
            sets.push(format!("{first},{second}"));
        }
    }
    sets
}

#[cfg(test)]
mod tests {
    use crate::published::parse;

    #[test]
    fn each_feature_and_each_pair_is_a_set() {
        let json = serde_json::json!({"packages": [{
            "name": "podpis", "version": "0.1.0", "dependencies": [], "targets": [],
            "features": {"default": ["a"], "a": [], "b": [], "c": ["a"]},
        }]});
        let packages = parse(json.to_string().as_bytes()).unwrap();
        assert_eq!(
            super::sets(&packages[0]),
            ["", "a", "b", "c", "a,b", "a,c", "b,c"]
        );
    }
}
