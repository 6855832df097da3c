use rolecall_source::FileId;

use super::*;

fn file(text: &str) -> Arc<SourceFile> {
    let path = PathBuf::from("/repository/rolecall.toml");
    Arc::new(SourceFile::new(FileId(0), path, text.as_bytes().to_vec()).expect("text"))
}

/// What is wrong, each as the text at its place and the message.
fn problems(text: &str) -> Vec<(String, String)> {
    let file = file(text);
    let problems = read(&file).err().unwrap_or_default();
    problems.into_iter().map(|one| (text[one.span.range()].to_owned(), one.message)).collect()
}

const GRANT: &str = "principal = 'id'\nrole = 'Reader'\nscope = '/subscriptions/s'\nreason = 'why'\n";

/// Texts that the parser and the schema both take, and such as both refuse.
fn taken() -> Vec<String> {
    vec![
        String::new(),
        "exclude = []".to_owned(),
        "exclude = ['samples/**', '/old', '*.json']".to_owned(),
        "[rules]\nsubnet-without-role = 'warning'".to_owned(),
        "[rules.subnet-without-role]\nlevel = 'off'\n[rules.unused-suppression]".to_owned(),
        "[rules.unknown-role]\nlevel = 'error'\nknown-roles = ['Joiner']".to_owned(),
        "[rules.role-on-broad-scope]\nallowed-roles = ['Network *']\nallowed-scopes = ['resourceGroups/rg']".to_owned(),
        "[[deployment]]\nentry = 'main.bicep'".to_owned(),
        "[[deployment]]\nentry = 'main.bicep'\nparameters = ['a.bicepparam', 'b.json']".to_owned(),
        format!("[[grant]]\n{GRANT}[[grant]]\n{GRANT}"),
    ]
}

fn refused() -> Vec<String> {
    let without = |key: &str| {
        let lines: String =
            GRANT.lines().filter(|line| !line.starts_with(key)).map(|line| format!("{line}\n")).collect();
        format!("[[grant]]\n{lines}")
    };
    vec![
        "excludes = []".to_owned(),
        "exclude = 'samples'".to_owned(),
        "exclude = [1]".to_owned(),
        "exclude = ['']".to_owned(),
        "exclude = ['!samples']".to_owned(),
        "rules = 1".to_owned(),
        "[rules]\nsubnet-without-role = 'fatal'".to_owned(),
        "[rules]\nsubnet-without-role = 1".to_owned(),
        "[rules.subnet-without-role]\nlevels = 'off'".to_owned(),
        "[rules.unknown-role]\nknown-roles = 'Joiner'".to_owned(),
        "[rules.unknown-role]\nknown-roles = [1]".to_owned(),
        "[rules.unknown-role]\nknown-roles = [' ']".to_owned(),
        "[rules.role-on-broad-scope]\nknown-roles = ['Joiner']".to_owned(),
        "[rules]\nno-such-rule = 'off'".to_owned(),
        "[[deployment]]".to_owned(),
        "[deployment]\nentry = 'main.bicep'".to_owned(),
        "[[deployment]]\nentry = ['main.bicep']".to_owned(),
        "[[deployment]]\nentry = 'main.bicep'\nparameters = 'a'".to_owned(),
        "[[deployment]]\nentry = 'main.bicep'\nname = 'a'".to_owned(),
        without("principal"),
        without("role"),
        without("scope"),
        without("reason"),
        format!("[[grant]]\n{}", GRANT.replace("'why'", "' '")),
        format!("[[grant]]\n{}", GRANT.replace("'id'", "1")),
        format!("[[grant]]\n{GRANT}until = 2026-01-01"),
    ]
}

#[test]
fn the_schema_and_the_parser_take_the_same() {
    let schema = serde_json::from_str(SCHEMA).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let by_schema = |text: &str| {
        let document: toml::Table = text.parse().expect("TOML");
        validator.is_valid(&serde_json::to_value(document).expect("JSON"))
    };
    for text in taken() {
        assert_eq!((problems(&text), by_schema(&text)), (Vec::new(), true), "{text}");
    }
    for text in refused() {
        assert_eq!((problems(&text).len(), by_schema(&text)), (1, false), "{text}: {:?}", problems(&text));
    }
}

#[test]
fn what_is_wrong_is_said_at_its_place_and_all_at_once() {
    let text = "exclude = ['a', 3]\nexcludes = []\n[rules]\nsubnet-without-rule = 'off'\nrole-without-need.allowed-roles = ['a[']\n[[grant]]\nprincipal = 'id-['\n";
    let expected = [
        ("3", "must hold strings, not an integer"),
        ("excludes", "did you mean `exclude`?"),
        ("subnet-without-rule", "did you mean `subnet-without-role`?"),
        ("'a['", "this is no pattern"),
        ("[[grant]]", "a grant needs a `role`"),
        ("[[grant]]", "a grant needs a `scope`"),
        ("[[grant]]", "a grant needs a `reason`"),
        ("'id-['", "this is no pattern"),
    ];
    let found = problems(text);
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((place, message), (at, says)) in found.iter().zip(expected) {
        assert!(place.starts_with(at) && message.contains(says), "{place}: {message}");
    }
}

#[test]
fn what_is_no_toml_is_said_where_it_breaks_off() {
    let found = problems("exclude = ['a'\n[rules]\n");
    assert!(found.iter().any(|(_, message)| message.contains("not valid TOML")), "{found:?}");
}

#[test]
fn bad_patterns_and_roles_are_refused() {
    for (from, to) in [("'id'", "'id-['"), ("'/subscriptions/s'", "'/{a'"), ("'Reader'", "'No Such *'")] {
        let text = format!("[[grant]]\n{}", GRANT.replace(from, to));
        assert_eq!(problems(&text).iter().map(|(place, _)| place.as_str()).collect::<Vec<_>>(), [to]);
    }
    assert_eq!(problems("exclude = ['{a']").len(), 1);
}

#[test]
fn paths_start_from_the_folder_of_the_file() {
    let config =
        read(&file("[[deployment]]\nentry = 'infra/../main.bicep'\nparameters = ['./p.json']")).expect("taken");
    assert_eq!(config.deployments[0].entry.value, Path::new("/repository/main.bicep"));
    assert_eq!(config.deployments[0].parameters[0].value, Path::new("/repository/p.json"));
}

#[test]
fn globs_are_those_of_gitignore_and_know_whether_they_were_met() {
    let config = read(&file("exclude = ['samples', '/infra/*.json', 'never']")).expect("taken");
    assert!(config.excludes(Path::new("/repository/a/samples"), true));
    assert!(config.excludes(Path::new("/repository/infra/main.json"), false));
    assert!(!config.excludes(Path::new("/repository/a/infra/main.json"), false));
    assert!(!config.excludes(Path::new("/elsewhere/samples"), true));
    assert_eq!(config.exclude.iter().map(Exclude::was_met).collect::<Vec<_>>(), [true, true, false]);
}
