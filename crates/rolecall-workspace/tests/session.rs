//! What a session takes over from run to run, and that it never shows.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use rolecall_source::{Changes, Files, Span};
use rolecall_workspace::{Analysis, Error, Options, Progress, Session, Work, analyse};

/// A folder with entries in three languages; two of the Bicep entries use one module.
struct Folder {
    _dir: tempfile::TempDir,
    root: PathBuf,
}

const MODULE: &str = "param principal string
resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(principal)
  properties: {
    principalId: principal
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'no-role')
  }
}
";

const ENTRY: &str = "import { name } from 'names.bicep'
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = { name: name, location: 'x' }
module grant 'grant.bicep' = { name: 'grant', params: { principal: identity.properties.principalId } }
";

const ARM: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "[guid('a')]",
      "properties": { "principalId": "[parameters('p')]", "roleDefinitionId": "/roles/x" }
    }
  ]
}"#;

const TERRAFORM: &str = "resource \"azurerm_role_assignment\" \"a\" {
  scope                = \"/subscriptions/00000000-0000-0000-0000-000000000000\"
  role_definition_name = \"No Such Role\"
  principal_id         = var.principal
}
";

impl Folder {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let root = dir.path().canonicalize().expect("resolved");
        let folder = Folder { _dir: dir, root };
        folder.write("rolecall.toml", "");
        folder.write("grant.bicep", MODULE);
        folder.write("names.bicep", "@export()\nvar name = 'id-aks'\n");
        folder.write("one.bicep", ENTRY);
        folder.write("two.bicep", ENTRY);
        folder.write("arm.json", ARM);
        folder.write("data.json", "{}");
        folder.write("tf/main.tf", TERRAFORM);
        folder.write("tf/variables.tf", "variable \"principal\" { type = string }\n");
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        std::fs::write(path, text).expect("written");
    }

    fn session(&self) -> Session {
        Session::new(Options { current_dir: self.root.clone(), ..Options::default() }).expect("started")
    }
}

fn moved(paths: &[PathBuf]) -> Changes {
    let mut changes = Changes::default();
    paths.iter().for_each(|path| changes.moved(path));
    changes
}

fn run(session: &mut Session) -> Analysis {
    let analysis = session.analyse(&()).expect("analysed");
    let fresh = analyse(session.options()).expect("analysed");
    assert_eq!(shown(&analysis), shown(&fresh), "a session shows what a run of its own does");
    analysis
}

/// All that an analysis says, with places.
fn shown(analysis: &Analysis) -> Vec<String> {
    let place = |span: Span| {
        let file = analysis.files.get(span.file).expect("a file");
        format!("{} {:?}", file.path.display(), file.text.get(span.range()))
    };
    let mut out = Vec::new();
    for one in &analysis.deployments {
        let entry = analysis.files.get(one.entry).expect("a file");
        out.push(entry.path.display().to_string());
        for finding in &one.report.findings {
            out.push(format!("{} {:?} {} {}", finding.rule, finding.level, finding.headline, place(finding.span)));
            out.extend(finding.related.iter().map(|note| format!("{} {}", note.message, place(note.span))));
            out.push(format!("{:?}", finding.silenced.is_some()));
        }
    }
    out.extend(analysis.upkeep.iter().map(|one| format!("{} {} {}", one.rule, one.headline, place(one.span))));
    out.extend(analysis.diagnostics.iter().map(|one| format!("{} {}", one.message, place(one.span))));
    out.extend(analysis.unreadable.iter().map(|one| one.message()));
    out.push(format!("{} files", analysis.file_count));
    out
}

fn says(analysis: &Analysis, rule: &str) -> usize {
    let findings = analysis.deployments.iter().flat_map(|one| &one.report.findings);
    findings.filter(|finding| finding.rule == rule && finding.silenced.is_none()).count()
}

#[test]
fn a_run_without_changes_does_nothing() {
    let folder = Folder::new();
    let mut session = folder.session();
    assert_eq!(run(&mut session).work, Work { parsed: 5, judged: 4, deployments: 4 });
    assert_eq!(run(&mut session).work, Work { parsed: 0, judged: 0, deployments: 4 });
}

#[test]
fn typing_in_a_module_parses_it_alone_and_judges_those_that_use_it() {
    let folder = Folder::new();
    let mut session = folder.session();
    let before = run(&mut session);
    assert!(says(&before, "unknown-role") > 1, "{:#?}", shown(&before));
    session.set_buffer(&folder.path("grant.bicep"), Some(format!("\n{MODULE}").into()));
    assert_eq!(run(&mut session).work, Work { parsed: 1, judged: 2, deployments: 4 });
    session.set_buffer(&folder.path("one.bicep"), Some(format!("\n{ENTRY}").into()));
    assert_eq!(run(&mut session).work, Work { parsed: 1, judged: 1, deployments: 4 });
    session.set_buffer(&folder.path("grant.bicep"), None);
    assert_eq!(run(&mut session).work, Work { parsed: 1, judged: 2, deployments: 4 });
}

#[test]
fn typing_in_terraform_judges_its_root_module_alone() {
    let folder = Folder::new();
    let mut session = folder.session();
    run(&mut session);
    session.set_buffer(&folder.path("tf/variables.tf"), Some("variable \"other\" {}\n".into()));
    assert_eq!(run(&mut session).work, Work { parsed: 0, judged: 1, deployments: 4 });
    session.set_buffer(&folder.path("tf/terraform.tfvars"), Some("principal = \"x\"\n".into()));
    assert_eq!(run(&mut session).work, Work { parsed: 0, judged: 1, deployments: 4 });
}

#[test]
fn what_is_imported_reaches_those_that_import_it() {
    let folder = Folder::new();
    let mut session = folder.session();
    run(&mut session);
    session.set_buffer(&folder.path("names.bicep"), Some("@export()\nvar name = 'id-other'\n".into()));
    assert_eq!(run(&mut session).work, Work { parsed: 3, judged: 2, deployments: 4 });
}

#[test]
fn files_come_and_go_on_disk() {
    let folder = Folder::new();
    let mut session = folder.session();
    let before = run(&mut session);
    folder.write("three.bicep", ENTRY);
    folder.write("new/four.bicep", ENTRY);
    session.changed(moved(&[folder.path("three.bicep"), folder.path("new/four.bicep")]));
    let after = run(&mut session);
    assert_eq!(after.deployments.len(), before.deployments.len() + 2);
    assert_eq!(after.work.judged, 2);
    std::fs::remove_file(folder.path("grant.bicep")).expect("removed");
    session.changed(moved(&[folder.path("grant.bicep")]));
    assert_eq!(run(&mut session).work, Work { parsed: 0, judged: 3, deployments: 6 });
}

#[test]
fn a_text_without_a_file_is_a_file_of_its_folder() {
    let folder = Folder::new();
    let mut session = folder.session();
    let before = run(&mut session).deployments.len();
    session.set_buffer(&folder.path("new.bicep"), Some(ENTRY.into()));
    assert_eq!(run(&mut session).deployments.len(), before + 1);
    session.set_buffer(&folder.path("new.bicep"), None);
    assert_eq!(run(&mut session).deployments.len(), before);
    folder.write(".gitignore", "new.bicep\n");
    session.changed(moved(&[folder.path(".gitignore")]));
    session.set_buffer(&folder.path("new.bicep"), Some(ENTRY.into()));
    assert_eq!(run(&mut session).deployments.len(), before, "git ignores it");
}

#[test]
fn levels_of_the_configuration_judge_nothing_anew_and_grants_do() {
    let folder = Folder::new();
    let mut session = folder.session();
    run(&mut session);
    let config = folder.path("rolecall.toml");
    session.set_buffer(&config, Some("[rules]\nunknown-role = \"note\"\n".into()));
    assert_eq!(run(&mut session).work.judged, 0);
    session.set_buffer(&config, Some("[rules]\nunknown-role = \"off\"\n".into()));
    assert_eq!(run(&mut session).work.judged, 4);
    let grant = "[[grant]]\nprincipal = \"id-aks\"\nrole = \"Reader\"\nscope = \"**\"\nreason = \"us\"\n";
    session.set_buffer(&config, Some(grant.into()));
    assert_eq!(run(&mut session).work.judged, 4);
    session.set_buffer(&config, Some("[[grant]]\nprincipal = \"id-aks\"\n".into()));
    assert!(matches!(session.analyse(&()), Err(Error::Configuration { .. })), "half a grant is no configuration");
    session.set_buffer(&config, Some(grant.into()));
    run(&mut session);
    session.set_buffer(&config, Some("exclude = [\"two.bicep\", \"nothing\"]\n".into()));
    assert_eq!(run(&mut session).upkeep.len(), 1, "one of the excludes is of no use");
    session.set_buffer(&folder.path("one.bicep"), Some(format!("\n{ENTRY}").into()));
    assert_eq!(run(&mut session).upkeep.len(), 1);
}

/// Stops a run after so many deployments.
struct StopAfter(AtomicUsize);

impl Progress for StopAfter {
    fn begin(&self, _: usize) {}
    fn step(&self) {}
    fn stops(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err()
    }
}

#[test]
fn what_a_stopped_run_has_done_is_kept() {
    let folder = Folder::new();
    let mut session = folder.session();
    for _ in 0..3 {
        assert!(matches!(session.analyse(&StopAfter(AtomicUsize::new(1))), Err(Error::Stopped)));
    }
    assert_eq!(run(&mut session).work, Work { parsed: 0, judged: 1, deployments: 4 });
    session.set_buffer(&folder.path("grant.bicep"), Some(format!("\n{MODULE}").into()));
    assert!(matches!(session.analyse(&StopAfter(AtomicUsize::new(0))), Err(Error::Stopped)));
    session.set_buffer(&folder.path("grant.bicep"), Some(format!("\n\n{MODULE}").into()));
    assert_eq!(run(&mut session).work, Work { parsed: 1, judged: 2, deployments: 4 });
}

#[test]
fn comments_suppress_in_a_text_over_a_file() {
    let folder = Folder::new();
    let mut session = folder.session();
    let before = says(&run(&mut session), "unknown-role");
    let comment = "  # rolecall: ignore[unknown-role] ours\n  role_definition_name";
    session.set_buffer(&folder.path("tf/main.tf"), Some(TERRAFORM.replace("  role_definition_name", comment).into()));
    assert_eq!(says(&run(&mut session), "unknown-role"), before - 1);
}
