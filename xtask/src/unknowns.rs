//! `corpus unknowns`: how much of what matters for identities the Terraform evaluator can tell, over real repositories.
//!
//! Counted are the principals, scopes and roles of role assignments and what clusters say of their identities: once for
//! each resource that stands in an entry. A value counts as its weakest alternative.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rolecall_graph::Deployment;
use rolecall_source::{DiskFiles, Files, Level};
use rolecall_terraform::{Cache, Folders, Options, evaluate, is_configuration};
use rolecall_value::{Kind, Piece, ReasonKind, Symbol, Value};

/// How well a value is known, best first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Resolved,
    Symbolic,
    Open,
    Unknown(String),
}

/// How well the values of each slot are known.
#[derive(Default)]
pub struct Counts {
    slots: BTreeMap<(&'static str, &'static str), u64>,
    reasons: BTreeMap<String, u64>,
}

impl Counts {
    /// Counts a value.
    pub fn add_value(&mut self, slot: &'static str, value: &Value) {
        self.add(slot, &class(value));
    }

    fn add(&mut self, slot: &'static str, class: &Class) {
        let name = match class {
            Class::Resolved => "resolved",
            Class::Symbolic => "symbolic",
            Class::Open => "open",
            Class::Unknown(_) => "unknown",
        };
        *self.slots.entry((slot, name)).or_default() += 1;
        if let Class::Unknown(reason) = class {
            *self.reasons.entry(format!("{slot}: {reason}")).or_default() += 1;
        }
    }
}

/// Runs over a folder of repositories.
pub fn run(dir: &Path, list: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let mut repositories: Vec<PathBuf> = std::fs::read_dir(dir)
        .with_context(|| format!("cannot read {}", dir.display()))?
        .filter_map(|entry| entry.ok()?.path().canonicalize().ok())
        .filter(|path| path.is_dir())
        .collect();
    repositories.sort();
    let mut total = Counts::default();
    let (mut deployments, mut clusters, mut errors) = (0, 0, 0);
    let mut slowest = (Duration::ZERO, PathBuf::new());
    for repository in &repositories {
        let start = Instant::now();
        let dirs = folders(repository);
        let files = DiskFiles::new(repository)?;
        let cache = Cache::default();
        let roots = Folders::new(&files, &dirs, &cache).roots();
        if roots.is_empty() {
            continue;
        }
        let (mut found, mut broken) = (0, 0);
        for root in &roots {
            let before = Instant::now();
            let deployment = evaluate(root, &files, &Options::default(), &cache);
            if before.elapsed() > slowest.0 {
                slowest = (before.elapsed(), root.clone());
            }
            found += count(&deployment, &mut total);
            for diagnostic in deployment.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error) {
                broken += 1;
                if list {
                    let file = files.get(diagnostic.span.file);
                    let place = file.map(|file| {
                        let at = file.lines().position(&file.text, diagnostic.span.start as usize);
                        format!("{}:{}", file.path.display(), at.line)
                    });
                    writeln!(out, "  {}: {}", place.unwrap_or_default(), diagnostic.message)?;
                }
            }
        }
        deployments += roots.len();
        clusters += found;
        errors += broken;
        writeln!(
            out,
            "{}: {} root modules, {found} clusters, {broken} errors, {:.0?}",
            repository.file_name().unwrap_or_default().to_string_lossy(),
            roots.len(),
            start.elapsed()
        )?;
    }
    if deployments == 0 {
        bail!("there is no Terraform configuration in {}", dir.display());
    }
    writeln!(out, "\n{deployments} root modules, {clusters} clusters, {errors} errors")?;
    writeln!(out, "slowest: {:.0?} {}", slowest.0, slowest.1.display())?;
    report(&total, &mut out)
}

/// Writes the shares, and why values are unknown.
pub fn report(total: &Counts, out: &mut impl Write) -> anyhow::Result<()> {
    let mut slots: Vec<&str> = total.slots.keys().map(|(slot, _)| *slot).collect();
    slots.dedup();
    writeln!(out, "\n{:<22}{:>10}{:>10}{:>10}{:>10}", "", "resolved", "symbolic", "open", "unknown")?;
    let (mut all, mut unknown) = (0, 0);
    for slot in slots {
        let get = |class| total.slots.get(&(slot, class)).copied().unwrap_or(0);
        let row = [get("resolved"), get("symbolic"), get("open"), get("unknown")];
        all += row.iter().sum::<u64>();
        unknown += row[3];
        writeln!(out, "{slot:<22}{:>10}{:>10}{:>10}{:>10}", row[0], row[1], row[2], row[3])?;
    }
    let ours: u64 =
        total.reasons.iter().filter(|(reason, _)| !reason.contains("unread:")).map(|(_, count)| count).sum();
    let share = |part: u64| 100.0 * part as f64 / all.max(1) as f64;
    writeln!(
        out,
        "\nunknown: {:.1} %, other than for what is not there to read: {:.1} %",
        share(unknown),
        share(ours)
    )?;
    let mut reasons: Vec<_> = total.reasons.iter().collect();
    reasons.sort_by_key(|(reason, count)| (std::cmp::Reverse(**count), (*reason).clone()));
    for (reason, count) in reasons.iter().take(40) {
        writeln!(out, "{count:>6}  {reason}")?;
    }
    Ok(())
}

/// The folders below a repository that hold configuration.
fn folders(repository: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![repository.to_path_buf()];
    while let Some(dir) = open.pop() {
        let Ok(listed) = std::fs::read_dir(&dir) else { continue };
        let mut configured = false;
        for entry in listed.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !matches!(&*name, ".git" | ".terraform" | "node_modules" | "vendor") => {
                    open.push(entry.path());
                }
                Ok(kind) if kind.is_file() => configured |= is_configuration(&name),
                _ => {}
            }
        }
        if configured {
            out.push(dir);
        }
    }
    out.sort();
    out
}

/// Counts one deployment; returns its clusters.
fn count(deployment: &Deployment, counts: &mut Counts) -> usize {
    for (_, resource) in deployment.of_type("Microsoft.Authorization/roleAssignments") {
        counts.add("assignment scope", &class(&resource.id.scope.to_value()));
        let property = |name: &str| resource.body.get("properties").and_then(|properties| properties.get(name));
        for (slot, name) in [("assignment principal", "principalId"), ("assignment role", "roleDefinitionId")] {
            match property(name) {
                Some(value) => counts.add(slot, &class(&value)),
                None => counts.add(slot, &Class::Unknown("invalid: nothing is written".to_owned())),
            }
        }
    }
    let mut clusters = 0;
    for (_, resource) in deployment.of_type("Microsoft.ContainerService/managedClusters") {
        clusters += 1;
        if let Some(identity) = resource.body.get("identity") {
            for (slot, name) in [("cluster identity", "type"), ("cluster identity ids", "userAssignedIdentities")] {
                if let Some(value) = identity.get(name) {
                    counts.add(slot, &class(&value));
                }
            }
        }
        let kubelet = resource.body.get("properties").and_then(|properties| properties.get("identityProfile"));
        if let Some(kubelet) = kubelet.and_then(|profile| profile.get("kubeletidentity")) {
            for name in ["resourceId", "clientId", "objectId"] {
                if let Some(value) = kubelet.get(name) {
                    counts.add("kubelet identity", &class(&value));
                }
            }
        }
    }
    clusters
}

fn class(value: &Value) -> Class {
    let worst = |values: &mut dyn Iterator<Item = Class>| values.max().unwrap_or(Class::Resolved);
    match value.kind() {
        Kind::Unknown(unknown) => Class::Unknown(format!(
            "{}: {}",
            unknown.reason.kind.name(),
            short(&unknown.reason.detail, unknown.reason.kind)
        )),
        Kind::Text(pieces) => worst(&mut pieces.iter().map(|piece| match piece {
            Piece::Hole(hole) => class(hole),
            Piece::Literal(_) => Class::Resolved,
        })),
        Kind::Array(array) => worst(&mut array.items.iter().map(|item| class(&item.value))),
        Kind::Object(object) => {
            let names = object.entries().map(|(name, _)| class(&name)).collect::<Vec<_>>();
            worst(&mut object.properties.values().map(|property| class(&property.value)).chain(names))
        }
        Kind::Cond(alternatives) => worst(&mut alternatives.iter().map(|(_, value)| class(value))),
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Input(_) => Class::Open,
            Symbol::Environment(_) => Class::Symbolic,
            Symbol::Attribute { resource, .. } => class(resource).max(Class::Symbolic),
            Symbol::Call { function, arguments } => match (&**function, &arguments[..]) {
                ("rolenamed", [name]) if name.as_str().is_some() => {
                    Class::Unknown("unread: the role's name is neither built in nor defined here".to_owned())
                }
                ("name" | "scope", _) => Class::Unknown("invalid: an argument that must be there is not".to_owned()),
                _ => worst(&mut arguments.iter().map(class)).max(Class::Symbolic),
            },
        },
        _ => Class::Resolved,
    }
}

/// The reason without the names that differ from place to place.
fn short(detail: &str, kind: ReasonKind) -> String {
    if kind == ReasonKind::Unread && detail.contains("terraform init") {
        return "a module is not fetched".to_owned();
    }
    detail.to_owned()
}
