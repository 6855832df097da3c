//! What can be done about a diagnostic: mend it, suppress it with a reason, read the rule's page.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, Command, CreateFile, Diagnostic, DocumentChange,
    Edit as ProtocolEdit, OptionalVersionedTextDocumentIdentifier, Range, TextDocumentEdit, TextDocumentIdentifier,
    TextEdit, Uri, WorkspaceEdit,
};
use rolecall_report::editor::{Place, Remark};
use rolecall_source::{Comments, Edit, Files, NewFile, Safety, SourceFile, Span, directives};
use rolecall_workspace::Analysis;

use crate::convert::Places;
use crate::documents::path_of;
use crate::locate::line_of;
use crate::requests::OPEN_PAGE;
use crate::worker::Worker;

/// The reason that stands in a new suppression until somebody writes the real one.
const REASON: &str = "accepted: say why";

impl Worker {
    /// The actions for a part of a document.
    pub(crate) fn actions(&self, params: &CodeActionParams) -> Vec<CodeAction> {
        let quick = |kind: &CodeActionKind| matches!(kind, CodeActionKind::Empty | CodeActionKind::QuickFix);
        if params.context.only.as_ref().is_some_and(|only| !only.iter().any(quick)) {
            return Vec::new();
        }
        let Some(path) = path_of(&params.text_document.uri) else { return Vec::new() };
        let mut out: Vec<CodeAction> = Vec::new();
        for folder in &self.folders {
            folder.with_remarks(|analysis, remarks| {
                let places = Places {
                    files: &*analysis.files,
                    documents: &self.documents,
                    encoding: self.client.can.encoding,
                    pages: self.settings.pages.as_deref(),
                };
                for remark in remarks {
                    let Some((file, diagnostic)) = places.diagnostic(remark) else { continue };
                    if file == path && meets(&diagnostic.range, &params.range) {
                        for action in self.of_remark(analysis, &places, remark, &diagnostic) {
                            // Several deployments say the same of one place.
                            if !out.iter().any(|one| one.title == action.title && one.edit == action.edit) {
                                out.push(action);
                            }
                        }
                    }
                }
            });
        }
        out
    }

    fn of_remark(
        &self,
        analysis: &Analysis,
        places: &Places<'_>,
        remark: &Remark<'_>,
        diagnostic: &Diagnostic,
    ) -> Vec<CodeAction> {
        let mut out = Vec::new();
        let (Some(finding), Some(rule), Place::Bytes(span)) = (remark.finding, remark.rule, &remark.place) else {
            return out;
        };
        let action = |title: String| CodeAction {
            title,
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![diagnostic.clone()]),
            ..CodeAction::default()
        };
        for fix in analysis.deployments.iter().filter_map(|one| one.fix(&*analysis.files, finding)) {
            if let Some(edit) = self.edit(places, &fix.edits, &fix.files) {
                let is_preferred = (fix.safety == Safety::Safe).then_some(true);
                out.push(CodeAction { edit: Some(edit), is_preferred, ..action(fix.title.clone()) });
            }
        }
        if let Some(file) = analysis.files.get(span.file) {
            for (how, edit) in suppressions(&file, *span, rule) {
                if let Some(edit) = self.edit(places, &[edit], &[]) {
                    let title = format!("suppress `{rule}` here, {how}");
                    out.push(CodeAction { edit: Some(edit), ..action(title) });
                }
            }
        }
        let title = format!("open the page of `{rule}`");
        let command = Command {
            title: title.clone(),
            command: OPEN_PAGE.to_owned(),
            tooltip: None,
            arguments: Some(vec![rule.into()]),
        };
        out.push(CodeAction { command: Some(command), ..action(title) });
        out
    }

    /// Edits for the versions that they were made for, and new files; none where a file cannot be named, or the client makes
    /// no files.
    fn edit(&self, places: &Places<'_>, edits: &[Edit], added: &[NewFile]) -> Option<WorkspaceEdit> {
        let can = &self.client.can;
        let takes_files = can.versioned_edits && can.create_files;
        if !added.is_empty() && !takes_files {
            return None;
        }
        let mut files: BTreeMap<Uri, (Option<i32>, Vec<TextEdit>)> = BTreeMap::new();
        for edit in edits {
            let file = places.files.get(edit.span.file)?;
            let uri = self.documents.uri(&file.path)?;
            let version = self.documents.at(&file.path).map(|document| document.version);
            let change = TextEdit { range: places.range(&file, edit.span), new_text: edit.text.clone() };
            files.entry(uri).or_insert_with(|| (version, Vec::new())).1.push(change);
        }
        let mut out = WorkspaceEdit::default();
        if can.versioned_edits {
            let mut all: Vec<DocumentChange> = Vec::new();
            for new in added {
                let uri = self.documents.uri(&new.path)?;
                all.push(CreateFile { uri: uri.clone(), options: None, annotation_id: None }.into());
                let text = TextEdit { range: Range::default(), new_text: new.text.clone() };
                let text_document = OptionalVersionedTextDocumentIdentifier {
                    version: None,
                    text_document_identifier: TextDocumentIdentifier { uri },
                };
                all.push(TextDocumentEdit { text_document, edits: vec![text.into()] }.into());
            }
            let change = |(uri, (version, edits)): (Uri, (Option<i32>, Vec<TextEdit>))| {
                let text_document = OptionalVersionedTextDocumentIdentifier {
                    version,
                    text_document_identifier: TextDocumentIdentifier { uri },
                };
                let edits = edits.into_iter().map(ProtocolEdit::from).collect();
                DocumentChange::from(TextDocumentEdit { text_document, edits })
            };
            all.extend(files.into_iter().map(change));
            out.document_changes = Some(all);
        } else {
            let changes: HashMap<_, _> = files.into_iter().map(|(uri, (_, edits))| (uri, edits)).collect();
            out.changes = Some(changes);
        }
        Some(out)
    }
}

fn meets(one: &Range, other: &Range) -> bool {
    let key = |position: gen_lsp_types::Position| (position.line, position.character);
    key(one.start) <= key(other.end) && key(other.start) <= key(one.end)
}

/// The ways to suppress a rule's finding at a place: how, and the edit.
fn suppressions(file: &SourceFile, span: Span, rule: &str) -> Vec<(&'static str, Edit)> {
    let Some((language, mark)) = comments(&file.path) else { return Vec::new() };
    let at = span.start as usize;
    let line = line_of(&file.text, at);
    let text = file.text.get(line.clone()).unwrap_or_default();
    let indent = &text[..text.len() - text.trim_start().len()];
    let insert = |at: usize, text: String| file.edit(at..at, &text);
    let comment = insert(line.start, format!("{indent}{mark} rolecall: ignore[{rule}] {REASON}\n"));
    let mut out = Vec::new();
    // Inside a string a comment is none.
    let covers = |text: &str, by: usize, found: &[rolecall_source::Directive]| {
        found.iter().any(|one| {
            one.reason == REASON && one.rules.iter().any(|one| one == rule) && one.covers.contains(&(at + by))
        }) && !text.is_empty()
    };
    let after = applied(&file.text, &comment);
    if covers(&after, comment.text.len(), &directives(&after, language)) {
        out.push(("in a comment", comment));
    }
    if language == Comments::Json
        && let Some(open) = object_around(&file.text, at)
    {
        let behind = file.text.get(open + 1..).unwrap_or_default();
        let lead = &behind[..behind.len() - behind.trim_start().len()];
        let metadata = format!("{lead}\"metadata\": {{ \"rolecall\": \"ignore[{rule}] {REASON}\" }},");
        let edit = insert(open + 1, metadata);
        let after = applied(&file.text, &edit);
        let by = if at > open { edit.text.len() } else { 0 };
        let read = SourceFile::new(file.id, file.path.clone(), after.clone().into_bytes());
        if let Ok(read) = read
            && covers(&after, by, &rolecall_arm::metadata_directives(&read))
        {
            out.push(("in metadata", edit));
        }
    }
    out
}

fn applied(text: &str, edit: &Edit) -> String {
    let mut text = text.to_owned();
    text.replace_range(edit.span.range(), &edit.text);
    text
}

fn comments(path: &Path) -> Option<(Comments, &'static str)> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "bicep" | "bicepparam" => Some((Comments::Bicep, "//")),
        "json" | "jsonc" => Some((Comments::Json, "//")),
        "tf" | "tofu" | "tfvars" => Some((Comments::Hcl, "#")),
        _ => None,
    }
}

/// Where the object of JSON begins that a byte stands in, or begins one.
fn object_around(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open = Vec::new();
    let mut place = 0;
    while place <= at && place < bytes.len() {
        match bytes[place] {
            b'"' => {
                place += 1;
                while place < bytes.len() && bytes[place] != b'"' {
                    place += if bytes[place] == b'\\' { 2 } else { 1 };
                }
            }
            b'/' if bytes.get(place + 1) == Some(&b'/') => {
                while place < bytes.len() && bytes[place] != b'\n' {
                    place += 1;
                }
            }
            b'/' if bytes.get(place + 1) == Some(&b'*') => {
                place = text.get(place + 2..)?.find("*/")? + place + 3;
            }
            b'{' => open.push(place),
            b'}' => {
                open.pop();
            }
            _ => {}
        }
        place += 1;
    }
    open.last().copied()
}

#[cfg(test)]
mod tests {
    use rolecall_source::FileId;

    use super::*;

    /// The text after each way to suppress a rule where `^` stands.
    fn suppressed(name: &str, marked: &str) -> Vec<(&'static str, String)> {
        let at = marked.find('^').expect("a mark");
        let text = marked.replace('^', "");
        let file = SourceFile::new(FileId(0), name.into(), text.clone().into_bytes()).expect("text");
        let all = suppressions(&file, Span::new(FileId(0), at, at + 1), "some-rule");
        all.into_iter().map(|(how, edit)| (how, applied(&text, &edit))).collect()
    }

    #[test]
    fn a_comment_stands_above_the_line_as_far_in() {
        let found = suppressed("a.bicep", "resource a 'b' = {\n  name: ^'x'\n}\n");
        let line = "  // rolecall: ignore[some-rule] accepted: say why\n";
        assert_eq!(found, [("in a comment", format!("resource a 'b' = {{\n{line}  name: 'x'\n}}\n"))]);
        let found = suppressed("a.tf", "^resource \"a\" \"b\" {}\n");
        let line = "# rolecall: ignore[some-rule] accepted: say why\n";
        assert_eq!(found, [("in a comment", format!("{line}resource \"a\" \"b\" {{}}\n"))]);
    }

    #[test]
    fn inside_a_string_there_is_no_comment() {
        assert_eq!(suppressed("a.bicep", "var a = '''\n  ^text\n'''\n"), []);
        assert_eq!(suppressed("a.tf", "a = <<EOT\n  ^text\nEOT\n"), []);
    }

    #[test]
    fn a_template_has_metadata_too() {
        let found = suppressed("a.json", "{\n  \"a\": [\n    {\n      \"b\": ^\"}\"\n    }\n  ]\n}\n");
        let metadata = "\"metadata\": { \"rolecall\": \"ignore[some-rule] accepted: say why\" },";
        let expected = format!("{{\n  \"a\": [\n    {{\n      {metadata}\n      \"b\": \"}}\"\n    }}\n  ]\n}}\n");
        assert_eq!(found[1], ("in metadata", expected));
        assert_eq!(found[0].0, "in a comment");
    }
}
