//! Does a baseline hide what it was written of, and does it still when the lines move?

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use rolecall_rules::{Finding, Silenced};
use rolecall_source::{FileId, Files, Level};
use rolecall_workspace::{Analysis, Options, analyse};

use crate::corpus::{name, repositories};

/// How many lines are put above each file.
const LINES: usize = 10;

/// `corpus baseline`.
pub fn run(dir: &Path) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let (mut count, mut with_findings, mut hidden, mut moved) = (0, 0, 0, 0);
    let mut shown = Vec::new();
    for repository in repositories(dir)? {
        let options = |buffers| Options {
            current_dir: repository.clone(),
            paths: vec![repository.clone()],
            root: Some(repository.clone()),
            buffers,
            ..Options::default()
        };
        let analysis = analyse(&options(Default::default()))?;
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), analysis.baseline())?;
        let accepting = |buffers| Options { baseline: Some(file.path().to_owned()), ..options(buffers) };

        let again = analyse(&accepting(Default::default()))?;
        let buffers = analysis_files(&analysis).filter_map(|file| {
            let text = lower(&file.path, &file.text)?;
            Some((file.path.clone(), Arc::from(text)))
        });
        let below = analyse(&accepting(buffers.collect()))?;
        count += 1;
        let total = findings(&analysis).count();
        with_findings += usize::from(total > 0);
        hidden += findings(&again).filter(|one| one.silenced == Some(Silenced::Baseline)).count();
        moved += findings(&below).filter(|one| one.silenced == Some(Silenced::Baseline)).count();
        for (analysis, when) in [(&again, "unchanged"), (&below, "below more lines")] {
            let open = findings(analysis).filter(|one| one.silenced.is_none());
            let open = open.map(|one| format!("{}: {}", one.rule, one.headline));
            let errors =
                analysis.diagnostics.iter().filter(|one| one.level == Level::Error).map(|one| one.message.clone());
            shown.extend(open.chain(errors).map(|what| format!("{} {when}: {what}", name(&repository))));
        }
    }
    for line in &shown {
        writeln!(out, "{line}")?;
    }
    writeln!(
        out,
        "{count} repositories, {with_findings} with findings: {hidden} hidden, {moved} below {LINES} more lines"
    )?;
    if !shown.is_empty() {
        bail!("{} findings or problems are not hidden", shown.len());
    }
    Ok(())
}

fn findings(analysis: &Analysis) -> impl Iterator<Item = &Finding> {
    analysis.deployments.iter().flat_map(|one| &one.report.findings).chain(&analysis.upkeep)
}

fn analysis_files(analysis: &Analysis) -> impl Iterator<Item = Arc<rolecall_source::SourceFile>> {
    (0..).map_while(|number| analysis.files.get(FileId(number)))
}

/// A text some lines lower, where the language has lines that say nothing; none of what is no template.
fn lower(path: &Path, text: &str) -> Option<String> {
    let line = match path.extension()?.to_str()? {
        "bicep" | "bicepparam" => "// moved\n",
        "tf" | "tfvars" | "tofu" => "# moved\n",
        "json" => "\n",
        _ => return None,
    };
    Some(line.repeat(LINES) + text)
}
