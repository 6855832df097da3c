//! Which parameter files belong to which template.

use std::path::Path;

use rolecall_template::evaluate::Arguments;
use rolecall_template::ir::Template;

/// A template that stands in the same folder as a parameter file.
pub(crate) struct Neighbour<'a> {
    pub path: &'a Path,
    pub template: &'a Template,
}

/// Which of the templates of its folder a parameter file is for, as places in `neighbours`.
///
/// A file named after a template (`azuredeploy.parameters.json`, `main.parameters.prod.json`) is for that one, the longest
/// name winning, unless it gives not one parameter that the template declares. Any other (`parameters.json`,
/// `prod.parameters.json`) is for those that declare all that it gives and have no other without a default.
pub(crate) fn users(path: &Path, arguments: &Arguments, neighbours: &[Neighbour<'_>]) -> Vec<usize> {
    let name = stem(path);
    let named_after = neighbours.iter().enumerate().filter(|(_, one)| is_named_after(&name, &stem(one.path)));
    let named_after: Vec<_> = named_after.collect();
    if let Some(longest) = named_after.iter().map(|(_, one)| stem(one.path).len()).max() {
        // A Bicep file and what was compiled of it have one name.
        let fits = |one: &Neighbour<'_>| {
            let declares = |name| one.template.parameters.contains_key(name);
            arguments.values.is_empty() || one.template.may_declare_more() || arguments.values.keys().any(declares)
        };
        let longest = named_after.iter().filter(|(_, one)| stem(one.path).len() == longest && fits(one));
        return longest.map(|(place, _)| *place).collect();
    }
    let fitting = neighbours.iter().enumerate().filter(|(_, one)| {
        let given_all = one.template.parameters.iter().all(|(name, parameter)| {
            parameter.default.is_some() || parameter.nullable || arguments.values.contains_key(name)
        });
        !arguments.values.is_empty() && given_all && undeclared(arguments, one.template).is_none()
    });
    fitting.map(|(place, _)| place).collect()
}

/// The first parameter given that the template does not declare.
pub(crate) fn undeclared<'a>(arguments: &'a Arguments, template: &Template) -> Option<&'a str> {
    arguments.values.keys().find(|name| !template.parameters.contains_key(*name)).map(|name| name.as_str())
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// Whether `main.parameters.prod`, `main.prod.parameters` or `main-parameters` is named after `main`.
fn is_named_after(parameters: &str, template: &str) -> bool {
    let Some(rest) = parameters.strip_prefix(template) else { return false };
    rest.starts_with(['.', '-', '_']) && rest.contains("param")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use rolecall_source::{FileId, SourceFile};

    use super::*;
    use crate::store::Store;

    /// The users of a parameter file among templates, given as (name, declared parameters; `!` marks one without default).
    fn found(file: &str, given: &[&str], templates: &[(&str, &[&str])]) -> Vec<String> {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let files = rolecall_source::DiskFiles::new(dir.path()).expect("resolved");
        let (library, trees) = Default::default();
        let store = Store::new(&files, &library, &trees);
        let source = |number: usize, text: String| {
            let id = FileId(u32::try_from(number).expect("small"));
            SourceFile::new(id, PathBuf::from("f"), text.into_bytes()).expect("text")
        };
        let given: Vec<_> = given.iter().map(|name| format!("\"{name}\": {{\"value\": 1}}")).collect();
        let arguments = store.arguments(&source(0, format!("{{\"parameters\": {{{}}}}}", given.join(","))));
        let parsed: Vec<_> = (1..)
            .zip(templates)
            .map(|(number, (_, declared))| {
                let declared: Vec<_> = declared
                    .iter()
                    .map(|name| match name.strip_prefix('!') {
                        Some(name) => format!("\"{name}\": {{\"type\": \"int\"}}"),
                        None => format!("\"{name}\": {{\"type\": \"int\", \"defaultValue\": 1}}"),
                    })
                    .collect();
                let text = format!("{{\"parameters\": {{{}}}, \"resources\": []}}", declared.join(","));
                store.template(&source(number, text)).expect("a template")
            })
            .collect();
        let neighbours: Vec<_> = parsed
            .iter()
            .zip(templates)
            .map(|(template, (name, _))| Neighbour { path: Path::new(name), template })
            .collect();
        let users = users(Path::new(file), &arguments, &neighbours);
        users.into_iter().map(|place| templates[place].0.to_owned()).collect()
    }

    #[test]
    fn a_file_named_after_a_template_is_for_it() {
        for file in
            ["main.parameters.json", "main.parameters.prod.json", "Main.prod.parameters.json", "main-params.json"]
        {
            assert_eq!(found(file, &["a"], &[("main.json", &["a"]), ("other.json", &["a"])]), ["main.json"], "{file}");
        }
    }

    #[test]
    fn the_longest_name_wins() {
        let templates: [(&str, &[&str]); 2] = [("main.json", &["a"]), ("main.dev.json", &["a"])];
        assert_eq!(found("main.dev.parameters.json", &["a"], &templates), ["main.dev.json"]);
    }

    #[test]
    fn a_file_that_gives_nothing_the_template_declares_is_not_for_it() {
        assert!(found("main.parameters.json", &["x"], &[("main.json", &["a"])]).is_empty());
        assert_eq!(found("main.parameters.json", &[], &[("main.json", &["a"])]), ["main.json"]);
    }

    #[test]
    fn a_file_of_no_template_is_for_those_that_it_fits_exactly() {
        let templates: [(&str, &[&str]); 3] =
            [("one.json", &["!a", "b"]), ("two.json", &["!c"]), ("three.json", &["b"])];
        assert_eq!(found("parameters.json", &["a", "b"], &templates), ["one.json"]);
        assert!(found("parameters.json", &["a", "c"], &templates).is_empty());
        assert!(found("parameters.json", &[], &[("one.json", &["a"])]).is_empty());
    }
}
