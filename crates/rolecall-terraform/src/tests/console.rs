//! Where the `terraform` program is installed, `terraform console` evaluates expressions without providers: it has to
//! agree with the table.

use std::io::Write;
use std::process::{Command, Stdio};

use super::functions::rows;

#[test]
fn terraform_agrees_with_the_table() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(dir.path().join("config"), "").expect("written");
    let started = Command::new("terraform")
        .arg("console")
        .current_dir(dir.path())
        .env("TF_CLI_CONFIG_FILE", dir.path().join("config"))
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut console) = started else {
        // Nothing to compare with; the table itself is tested without.
        return;
    };
    let rows: Vec<_> = rows().collect();
    let all: Vec<&str> = rows.iter().map(|(expression, _)| *expression).collect();
    let input = format!("jsonencode([{}])\n", all.join(", "));
    console.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("written");
    let output = console.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("text");
    // The console shows a string as a quoted literal.
    let shown: String = serde_json::from_str(text.trim()).expect("every expression of the table can be evaluated");
    let shown: Vec<serde_json::Value> = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(shown.len(), rows.len());
    let mut wrong = Vec::new();
    for ((expression, expected), shown) in rows.iter().zip(shown) {
        let expected: serde_json::Value = serde_json::from_str(expected).expect(expected);
        if shown != expected {
            wrong.push(format!("{expression}: terraform says {shown}, the table {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
