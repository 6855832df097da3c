//! ARM templates: which of the other resources are read as before.

use std::ops::Range;

use rolecall_arm::{is_template, parse};
use rolecall_source::{FileId, Level, SourceFile};
use rolecall_template::ir::{DeploymentSource, ResourceDecl};

use super::{Change, Damage, Language, Random, half_line, lines, quote};

pub(super) const LANGUAGE: Language = Language { name: "arm  ", extensions: &["json"], counts, damage, whole };

fn counts(_: &str, text: &str) -> bool {
    is_template(text) && read(text).diagnostics.iter().all(|one| one.level != Level::Error)
}

fn read(text: &str) -> rolecall_arm::Parsed {
    let file = SourceFile::new(FileId(0), "main.json".into(), text.as_bytes().to_vec());
    file.map_or_else(
        |_| rolecall_arm::Parsed { template: None, diagnostics: Vec::new(), unsound: None },
        |file| parse(&file),
    )
}

/// Every resource, those of nested templates included.
fn whole(text: &str) -> Vec<Range<usize>> {
    let parsed = read(text);
    let mut found = Vec::new();
    let mut open: Vec<&ResourceDecl> = parsed.template.iter().flat_map(|template| &template.resources).collect();
    while let Some(resource) = open.pop() {
        found.push(resource.span.range());
        open.extend(&resource.children);
        if let Some(DeploymentSource::Inline(template)) = resource.deployment.as_ref().map(|nested| &nested.source) {
            open.extend(&template.resources);
        }
    }
    found
}

fn damage(text: &str, damage: Damage, random: &mut Random) -> Option<Change> {
    let (brackets, strings) = tokens(text);
    Some(match damage {
        Damage::HalfLine => half_line(text, 0..text.len(), random)?,
        Damage::HalfName => {
            let names: Vec<_> =
                lines(text, 0..text.len()).into_iter().filter(|(_, line)| line.trim().starts_with('"')).collect();
            let (start, line) = *random.pick(&names)?;
            let indent = &line[..line.len() - line.trim_start().len()];
            Change { range: start..start, put: format!("{indent}\"half\n") }
        }
        Damage::Bracket => {
            let at = *random.pick(&brackets)?;
            Change::delete(at..at + 1)
        }
        Damage::Quote => quote(random.pick(&strings)?, random),
        Damage::MultilineQuote => {
            let strings: Vec<_> = strings.into_iter().filter(|string| text[string.clone()].contains('\n')).collect();
            quote(random.pick(&strings)?, random)
        }
    })
}

/// Where brackets and strings stand in a text that is JSON.
fn tokens(text: &str) -> (Vec<usize>, Vec<Range<usize>>) {
    let (mut brackets, mut strings) = (Vec::new(), Vec::new());
    let mut string: Option<usize> = None;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match string {
            Some(_) if is_escaped => is_escaped = false,
            Some(_) if byte == b'\\' => is_escaped = true,
            Some(start) if byte == b'"' => {
                strings.push(start..at + 1);
                string = None;
            }
            None if byte == b'"' => string = Some(at),
            None if b"{}[]".contains(&byte) => brackets.push(at),
            _ => {}
        }
    }
    (brackets, strings)
}
