//! From what mends a finding to edits of texts, and from edits to texts that are analysed again.
//!
//! The words are the front ends'. Here it is decided what is done: fixes that overlap wait for the next round, and one that
//! does not mend its finding, or breeds another, is given up.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rolecall_arm::is_stamped_by_bicep;
use rolecall_graph::{Assign, Deployment, Mend, ResourceIndex, Setting, Site, Step};
use rolecall_rules::{Certainty, Finding};
use rolecall_source::{Edit, Files, Fix, Level, NewFile, Rewrite, Safety, Span};
use rolecall_value::{ResourceId, Value};

use crate::{Analysis, Error, Fixes, Options, analyse};

/// How often texts are mended and analysed again: what one fix brings up the next may mend.
const MAX_ROUNDS: usize = 8;

/// A finding that has no fix, although its rule knows what mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmended {
    /// What is wrong: the headline of the finding.
    pub headline: String,
    /// Where.
    pub span: Span,
    /// Why it is not mended.
    pub why: String,
}

/// Makes the fixes of a deployment's findings, and says which cannot be made.
pub(crate) fn make(
    files: &dyn Files,
    deployment: &Deployment,
    findings: &mut [Finding],
    wanted: Fixes,
) -> Vec<Unmended> {
    if wanted < Fixes::Assumed {
        let assumed = findings.iter_mut().filter(|finding| finding.certainty == Certainty::Assumed);
        assumed.for_each(|finding| finding.mend = None);
    }
    if findings.iter().all(|finding| finding.mend.is_none()) {
        return Vec::new();
    }
    if wanted == Fixes::Exact {
        for finding in findings.iter_mut() {
            finding.mend = finding.mend.take().map(exact);
            finding.alike = std::mem::take(&mut finding.alike).into_iter().map(exact).collect();
        }
    }
    let site = Site::new(files, deployment);
    let mut unmended = Vec::new();
    // What is written into a text that has several instances: the finding, what it is about in terms of the graph, how many.
    let mut shared: Vec<(usize, ResourceIndex, usize)> = Vec::new();
    // What does as well there, should not each of them ask for it.
    let mut others: Vec<Option<Box<Mend>>> = Vec::new();
    merge(findings);
    for (at, finding) in findings.iter_mut().enumerate() {
        let mut next = finding.mend.take();
        let mut refusal = None;
        while let Some(mend) = next {
            match changes(&site, &mend, finding.span) {
                Ok((Rewrite { edits, files }, instances)) => {
                    if let Some(subject) = subject(&mend).filter(|_| instances > 1) {
                        shared.push((at, subject, instances));
                        others.push(mend.otherwise);
                    }
                    let fix = Fix { title: mend.title, safety: mend.safety, edits, files };
                    finding.fix = Some(fix).filter(|fix| !fix.edits.is_empty());
                    refusal = None;
                    break;
                }
                Err(why) => refusal = refusal.or(Some(why)),
            }
            next = mend.otherwise.map(|own| *own);
        }
        unmended.extend(refusal.map(|why| {
            let headline = finding.headline.clone();
            Unmended { headline, span: finding.span, why }
        }));
    }
    // Each of the instances has to ask for the same.
    let edits = |at: usize| findings[at].fix.as_ref().map(|fix| &fix.edits);
    let mut asked: Vec<(Option<&Vec<Edit>>, BTreeSet<ResourceIndex>)> = Vec::new();
    for (at, own, _) in &shared {
        let finding = &findings[*at];
        let is_same =
            |mend: &&Mend| changes(&site, mend, finding.span).is_ok_and(|(own, _)| Some(&own.edits) == edits(*at));
        let alike = |mend| std::iter::successors(Some(mend), |mend: &&Mend| mend.otherwise.as_deref()).find(is_same);
        let subjects = finding.alike.iter().filter_map(alike).filter_map(subject).chain([*own]);
        match asked.iter_mut().find(|(same, _)| *same == edits(*at)) {
            Some((_, all)) => all.extend(subjects),
            None => asked.push((edits(*at), subjects.collect())),
        }
    }
    let asks = |at: usize| asked.iter().find(|(same, _)| *same == edits(at)).map_or(0, |(_, all)| all.len());
    let refused: Vec<bool> = shared.iter().map(|(at, _, instances)| asks(*at) < *instances).collect();
    for (((at, ..), other), _) in shared.iter().zip(others).zip(refused).filter(|(_, refused)| *refused) {
        let finding = &mut findings[*at];
        let again = other.and_then(|mend| Some((changes(&site, &mend, finding.span).ok()?, mend)));
        finding.fix = again
            .filter(|((changes, instances), _)| *instances == 1 && !changes.edits.is_empty())
            .map(|((Rewrite { edits, files }, _), mend)| Fix { title: mend.title, safety: mend.safety, edits, files });
        if finding.fix.is_none() {
            let why = "its text has several instances, and not each of them needs the same".to_owned();
            unmended.push(Unmended { headline: finding.headline.clone(), span: finding.span, why });
        }
    }
    unmended
}

/// Findings whose edits are made once somebody asks for one: an editor shows findings at each keystroke, and mends few.
#[derive(Default)]
pub(crate) struct Unmade {
    findings: Vec<Finding>,
    made: OnceLock<Vec<Finding>>,
}

impl Unmade {
    /// Those of the findings that their rules can mend.
    pub fn of(findings: &[Finding]) -> Self {
        let findings = findings.iter().filter(|finding| finding.mend.is_some()).cloned().collect();
        Unmade { findings, made: OnceLock::new() }
    }

    /// The fix of a finding of the deployment.
    pub fn fix(&self, files: &dyn Files, deployment: &Deployment, finding: &Finding) -> Option<&Fix> {
        let of = |all: &[Finding]| all.iter().position(|one| one.span == finding.span && key(one) == key(finding));
        let place = of(&self.findings)?;
        let made = self.made.get_or_init(|| {
            let mut findings = self.findings.clone();
            make(files, deployment, &mut findings, Fixes::Wrong);
            findings
        });
        made.get(place)?.fix.as_ref()
    }
}

/// What of the graph a mend is about first.
fn subject(mend: &Mend) -> Option<ResourceIndex> {
    mend.steps.first().map(|step| match step {
        Step::Set { assignment, .. } => *assignment,
        Step::Await { resource, .. } => *resource,
        Step::Assign(assign) => assign.needed_by,
    })
}

/// What is missing on a part of something is mended by what is missing on the whole, where that is the same role for the same
/// principal: the smaller grant would be of no use beside it.
fn merge(findings: &mut [Finding]) {
    // By principal, role and scope, as text.
    let key = |assign: &Assign, scope: &Value| (assign.principal.text(), assign.role.guid.clone(), folded(scope));
    let mut wholes: BTreeMap<_, usize> = BTreeMap::new();
    let mut all: Vec<(usize, Assign)> = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        if let Some(assign) = finding.mend.as_ref().and_then(assigned) {
            wholes.entry(key(assign, &assign.scope)).or_insert(at);
            all.push((at, assign.clone()));
        }
    }
    let whole_of = |own: &Assign| {
        let parents = std::iter::successors(ResourceId::parse(&own.scope), ResourceId::parent).skip(1);
        parents.filter_map(|parent| wholes.get(&key(own, &parent.to_value())).copied()).last()
    };
    let parts: Vec<_> = all.iter().filter_map(|(at, own)| Some((*at, own, whole_of(own)?))).collect();
    for (_, _, whole) in parts.iter().filter(|(_, own, _)| own.awaited) {
        findings[*whole].mend.iter_mut().for_each(awaited);
    }
    for (at, _, whole) in parts {
        findings[at].mend = findings[whole].mend.clone();
    }
}

/// Whether the Bicep compiler wrote a file.
struct Stamped(bool);

/// The text of an id, whose letter case means nothing.
fn folded(id: &Value) -> String {
    ResourceId::parse(id).map_or_else(|| id.text(), |id| id.to_value().text()).to_lowercase()
}

/// The assignment that a mend makes, at first or where nothing else does.
fn assigned(mend: &Mend) -> Option<&Assign> {
    match &mend.steps[..] {
        [Step::Assign(assign)] => Some(assign),
        _ => assigned(mend.otherwise.as_deref()?),
    }
}

/// The mend with a role that has exactly what is needed, where it assigns one.
fn exact(mend: Mend) -> Mend {
    let Some(Assign { exact: role, .. }) = assigned(&mend) else { return mend };
    let (name, mut own) = (role.name.clone(), mend);
    let sets_role = |mend: &Mend| mend.steps.iter().any(|step| matches!(step, Step::Set { to: Setting::Role(_), .. }));
    while sets_role(&own) {
        let Some(next) = own.otherwise.take() else { break };
        own = *next;
    }
    own.otherwise = own.otherwise.map(|next| Box::new(exact(*next)));
    for step in &mut own.steps {
        if let Step::Assign(assign) = step {
            assign.is_exact = true;
            own.title = own.title.replacen(&assign.role.name, &name, 1);
        }
    }
    own
}

/// Makes what needs the assignment wait for it.
fn awaited(mend: &mut Mend) {
    for step in &mut mend.steps {
        if let Step::Assign(assign) = step {
            assign.awaited = true;
        }
    }
    if let Some(otherwise) = &mut mend.otherwise {
        awaited(otherwise);
    }
}

/// The changes that a mend asks for, and for how many instances of a text they are made.
fn changes(site: &Site<'_>, mend: &Mend, span: Span) -> Result<(Rewrite, usize), String> {
    let path = |span: Span| site.files.get(span.file).map(|file| file.path.clone()).unwrap_or_default();
    let first = mend.steps.iter().find_map(|step| match step {
        Step::Set { assignment, .. } => site.declared(*assignment),
        Step::Await { resource, .. } => site.declared(*resource),
        Step::Assign(assign) => site.declared(assign.needed_by),
    });
    let place = path(first.map_or(span, |(_, span)| span));
    let extension = place.extension().map(|own| own.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let once = |changes| (changes, 1);
    let (changes, instances) = match extension.as_str() {
        "bicep" => rolecall_bicep::mend(site, mend).map(once),
        "tf" | "tofu" => rolecall_terraform::mend(site, mend).map(|done| (Rewrite::from(done.edits), done.instances)),
        "json" | "jsonc" if !place.to_string_lossy().ends_with(".tf.json") => {
            rolecall_arm::mend(site, mend).map(Rewrite::from).map(once)
        }
        _ => Err("there are no edits for files of this kind".to_owned()),
    }?;
    for edit in &changes.edits {
        let path = path(edit.span);
        let restored = path.components().any(|part| part.as_os_str() == ".terraform");
        if restored || !path.starts_with(site.files.root()) {
            return Err(format!("`{}` is not a file of this repository", path.display()));
        }
        if edit.span.file != changes.edits[0].span.file && path.extension() != place.extension() {
            return Err("it takes edits in two languages".to_owned());
        }
    }
    let generated = extension == "json"
        && changes.edits.iter().any(|edit| {
            let stamped = || site.files.get(edit.span.file).is_some_and(|file| is_stamped_by_bicep(&file.text));
            site.tree(edit.span.file, || Stamped(stamped())).0
        });
    if generated {
        return Err("the template is compiled from Bicep, and would be overwritten".to_owned());
    }
    Ok((changes, instances))
}

/// What mending came to.
pub struct Mended {
    /// The analysis of the texts as they are then.
    pub analysis: Analysis,
    /// The files that are changed, each with its text before and after.
    pub changed: Vec<Changed>,
    /// What was done, as orders, in order.
    pub applied: Vec<String>,
    /// What could be done and is not: it is unsafe, and unsafe fixes are not wanted.
    pub withheld: usize,
    /// What was tried and given up, with the reason.
    pub given_up: Vec<GivenUp>,
}

/// A fix that was tried and given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// What it was to do, as an order.
    pub title: String,
    /// The file in which its finding stands.
    pub path: PathBuf,
    /// The line there, of the text that it was tried on, from one.
    pub line: u32,
    /// Why it is given up.
    pub why: String,
}

/// A changed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The file.
    pub path: PathBuf,
    /// What was read, without a byte order mark; `None` where there is no such file yet.
    pub old: Option<String>,
    /// What it should be.
    pub new: String,
}

/// What tells a finding from others, whatever its place.
type Key = (String, String, String, String);

fn key(finding: &Finding) -> Key {
    let text = |part: &Option<String>| part.clone().unwrap_or_default().to_lowercase();
    (finding.rule.clone(), finding.resource.to_lowercase(), text(&finding.principal), text(&finding.scope))
}

fn keys(analysis: &Analysis) -> BTreeSet<Key> {
    findings(analysis).map(key).collect()
}

fn findings(analysis: &Analysis) -> impl Iterator<Item = &Finding> {
    let all = analysis.deployments.iter().flat_map(|one| &one.report.findings);
    all.filter(|finding| finding.silenced.is_none())
}

fn errors(analysis: &Analysis) -> usize {
    analysis.diagnostics.iter().filter(|one| one.level == Level::Error).count()
}

/// Mends what can be mended in the texts that the options name. Nothing is written.
///
/// # Errors
/// As [`analyse`].
pub fn mend(options: &Options, unsafe_fixes: bool) -> Result<Mended, Error> {
    let mut options = Options { fixes: options.fixes.max(Fixes::Wrong), ..options.clone() };
    let mut analysis = analyse(&options)?;
    let mut originals: BTreeMap<PathBuf, Option<String>> = BTreeMap::new();
    let (mut applied, mut given_up) = (Vec::new(), Vec::new());
    let mut rejected: BTreeSet<(Key, String)> = BTreeSet::new();
    for _ in 0..MAX_ROUNDS {
        let batch = batch(&analysis, unsafe_fixes, &rejected);
        if batch.is_empty() {
            break;
        }
        let mut next = attempt(&options, &analysis, &batch)?;
        let mut done: Vec<&(Key, Fix, Span)> = batch.iter().collect();
        if let Err(first) = &next {
            // One of them spoils it: each by itself, the first that is sound is kept.
            let mut why = first.clone();
            done.clear();
            for one in &batch {
                if batch.len() > 1 {
                    next = attempt(&options, &analysis, std::slice::from_ref(one))?;
                }
                match &next {
                    Ok(_) => {
                        done = vec![one];
                        break;
                    }
                    Err(reason) => {
                        why.clone_from(reason);
                        rejected.insert((one.0.clone(), one.1.title.clone()));
                        let file = analysis.files.get(one.2.file);
                        given_up.push(GivenUp {
                            title: one.1.title.clone(),
                            line: file
                                .as_ref()
                                .map_or(1, |file| file.lines().position(&file.text, one.2.start as usize).line),
                            path: file.map(|file| file.path.clone()).unwrap_or_default(),
                            why: why.clone(),
                        });
                    }
                }
            }
        }
        let Ok((buffers, after)) = next else { continue };
        for path in buffers.keys() {
            let old = || analysis.files.read(path).ok().map(|file| file.text.clone());
            originals.entry(path.clone()).or_insert_with(old);
        }
        applied.extend(done.iter().map(|(_, fix, _)| fix.title.clone()));
        options.buffers.extend(buffers);
        analysis = after;
    }
    let withheld: BTreeSet<Key> = findings(&analysis)
        .filter(|finding| finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Unsafe) && !unsafe_fixes)
        .map(key)
        .collect();
    let changed = originals.into_iter().filter_map(|(path, old)| {
        let new = options.buffers.get(&path)?.to_string();
        (old.as_ref() != Some(&new)).then_some(Changed { path, old, new })
    });
    Ok(Mended { changed: changed.collect(), applied, withheld: withheld.len(), given_up, analysis })
}

/// Fixes that may be applied together: by place, none that overlaps an earlier one.
fn batch(analysis: &Analysis, unsafe_fixes: bool, rejected: &BTreeSet<(Key, String)>) -> Vec<(Key, Fix, Span)> {
    let path = |span: Span| analysis.files.get(span.file).map(|file| file.path.clone()).unwrap_or_default();
    let mut all: Vec<_> = findings(analysis)
        .filter_map(|finding| Some((key(finding), finding.fix.clone()?, finding.span)))
        .filter(|(key, fix, _)| {
            (unsafe_fixes || fix.safety == Safety::Safe) && !rejected.contains(&(key.clone(), fix.title.clone()))
        })
        .collect();
    let place = |fix: &Fix| fix.edits.first().map(|edit| (path(edit.span), edit.span.start));
    all.sort_by_cached_key(|(key, fix, _)| (place(fix), key.clone()));
    let mut taken: Vec<Edit> = Vec::new();
    let mut added: Vec<NewFile> = Vec::new();
    let mut chosen: Vec<(Key, Fix, Span)> = Vec::new();
    for one in all {
        if chosen.iter().any(|known| known.1.edits == one.1.edits) {
            continue;
        }
        let meets = |edit: &Edit| {
            taken.iter().any(|own| {
                own.span.file == edit.span.file && own.span.start <= edit.span.end && edit.span.start <= own.span.end
            })
        };
        // Two fixes may need one and the same file.
        let fits = |new: &NewFile| added.iter().all(|own| own.path != new.path || own.text == new.text);
        if !one.1.edits.iter().any(meets) && one.1.files.iter().all(fits) {
            taken.extend(one.1.edits.iter().cloned());
            added.extend(one.1.files.iter().cloned());
            chosen.push(one);
        }
    }
    chosen
}

/// The texts that are changed, and the analysis of all with them.
type Attempt = (BTreeMap<PathBuf, Arc<str>>, Analysis);

/// Applies fixes and analyses again: why they are not to be had, where they mend nothing or breed something new.
fn attempt(options: &Options, before: &Analysis, fixes: &[(Key, Fix, Span)]) -> Result<Result<Attempt, String>, Error> {
    let mut edits: BTreeMap<PathBuf, Vec<&Edit>> = BTreeMap::new();
    for edit in fixes.iter().flat_map(|(_, fix, _)| &fix.edits) {
        let Some(file) = before.files.get(edit.span.file) else { continue };
        edits.entry(file.path.clone()).or_default().push(edit);
    }
    let mut buffers: BTreeMap<PathBuf, Arc<str>> = BTreeMap::new();
    for (path, edits) in edits {
        let Some(text) = apply(before, &path, edits) else {
            return Ok(Err("its edits do not fit the text".to_owned()));
        };
        buffers.insert(path, text.into());
    }
    for file in fixes.iter().flat_map(|(_, fix, _)| &fix.files) {
        buffers.insert(file.path.clone(), file.text.as_str().into());
    }
    let mut with = options.clone();
    with.buffers.extend(buffers.clone());
    let after = analyse(&with)?;
    if errors(&after) > errors(before) {
        return Ok(Err("the text would not be understood any more".to_owned()));
    }
    let (old, new) = (keys(before), keys(&after));
    // A note, such as that another grant is of no more use, is worth a warning that is mended, or a grant that was asked for.
    let notes: BTreeSet<Key> = findings(&after).filter(|finding| finding.level == Level::Note).map(key).collect();
    let is_serious = |one: &&Finding| one.level > Level::Note || one.certainty == Certainty::Assumed;
    let serious = findings(before).filter(is_serious).map(key).collect::<BTreeSet<_>>();
    let mends_more = fixes.iter().all(|(key, _, _)| serious.contains(key));
    if let Some((key, _, _)) = fixes.iter().find(|(key, _, _)| new.contains(key)) {
        return Ok(Err(format!("`{}` would still be found", key.0)));
    }
    // What follows from a grant that counts now, such as that it comes too late, is for the next round, which must have a mend
    // for what Azure would refuse.
    let hopeless: BTreeSet<Key> =
        findings(&after).filter(|one| one.level == Level::Error && one.fix.is_none()).map(key).collect();
    let follows =
        |key: &Key| !hopeless.contains(key) && fixes.iter().any(|(own, _, _)| (&own.2, &own.3) == (&key.2, &key.3));
    if let Some(key) =
        new.iter().find(|key| !(old.contains(*key) || follows(key) || mends_more && notes.contains(*key)))
    {
        return Ok(Err(format!("`{}` would be found instead", key.0)));
    }
    Ok(Ok((buffers, after)))
}

/// The text of a file after edits that do not overlap.
fn apply(analysis: &Analysis, path: &Path, mut edits: Vec<&Edit>) -> Option<String> {
    let text = &analysis.files.read(path).ok()?.text;
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.span.start as usize)?);
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}
