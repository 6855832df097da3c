//! Which deployments there are: entry templates, each with the parameter files that go with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rolecall_source::{FileId, Files, SourceFile, Unreadable};
use rolecall_template::evaluate::Arguments;
use rolecall_template::ir::Template;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, Configured};
use crate::links::Links;
use crate::named::{Named, Wanted};
use crate::parameters::{self, Neighbour};
use crate::store::Store;
use crate::walk::{self, Folder, Met, Role, Walks};
use crate::{Error, Options, terraform};

/// A deployment to evaluate.
pub(crate) struct Planned {
    pub file: Arc<SourceFile>,
    pub template: Arc<Template>,
    pub given: Vec<Arc<Arguments>>,
    /// Whether only some of the parameter sets of its entry were asked about.
    pub partial: bool,
}

/// What the paths stand for.
pub(crate) struct Discovery {
    pub planned: Vec<Planned>,
    /// Templates and parameter files, by path.
    pub templates: Vec<Arc<SourceFile>>,
    pub parameters: Vec<Arc<SourceFile>>,
    /// Templates that others link.
    pub linked: FxHashSet<FileId>,
    pub unreadable: Vec<Unreadable>,
    pub compiled: Vec<PathBuf>,
    /// Terraform's deployments.
    pub terraform: Vec<terraform::Planned>,
}

/// Finds the deployments.
pub(crate) fn discover(
    store: &Store<'_>,
    modules: &rolecall_terraform::Cache,
    named: &Named,
    options: &Options,
    config: &Arc<Config>,
    walks: &mut Walks,
) -> Result<Discovery, Error> {
    let files = store.files;
    let wanted = Wanted::new(named, config.file.as_deref());
    let changed = named.changed && !wanted.everything;
    let mut found = Found { changed, wanted, ..Found::default() };
    let mut of_terraform = terraform::Named { changed, ..terraform::Named::default() };
    for folder in &named.folders {
        let Folder { files: met, compiled, unreadable } = walks.walk(files, folder, config, options.compiled);
        found.unreadable.extend(unreadable);
        found.compiled.extend(compiled.into_iter().filter(|path| !named.files.iter().any(|file| file.real == *path)));
        for one in met {
            match one.role {
                Role::Configuration => of_terraform.met.extend(one.file.path.parent().map(Path::to_owned)),
                // What `bicep restore` left is there for those that use it.
                _ if store.is_restored(&one.file) => {}
                _ => found.add(one, Asked::Folder),
            }
        }
    }
    if named.changed {
        named.files.iter().filter(|_| changed).for_each(|one| of_terraform.take(&one.real));
    } else {
        let mut templates = false;
        for one in &named.files {
            let file = one.read(files)?;
            of_terraform.take(&one.real);
            if let Some(role) = walk::role(&one.real, &file.text).filter(|role| *role != Role::Configuration) {
                found.add(Met { file, role }, Asked::Named);
            }
            templates |= !terraform::is_its_own(&one.real);
        }
        // Who links, imports or loads a file may stand anywhere below its root.
        for root in named.roots.iter().filter(|_| templates) {
            let met = match root.marked {
                true => walks.walk(files, &root.path, config, options.compiled).files,
                false => walk::siblings(files, &root.path),
            };
            met.into_iter().filter(|one| !store.is_restored(&one.file)).for_each(|one| found.add(one, Asked::Beside));
        }
    }
    let mut given = Vec::new();
    for one in &named.parameters {
        let file = one.read(files)?;
        given.push((&one.given, file.clone(), store.arguments(&file)));
    }
    let values = terraform::read(files, &named.variables, &named.plans)?;
    let planned = terraform::discover(files, modules, of_terraform, named, &values, config, walks)?;
    Ok(Discovery { terraform: planned, ..found.plan(store, config, &given)? })
}

/// How a file was come by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asked {
    /// It stands in the repository of a file that was named.
    Beside,
    /// In a folder that was named.
    Folder,
    /// By its own name.
    Named,
}

#[derive(Default)]
struct Found {
    /// Whether only what `wanted` concerns is asked about, in folders too.
    changed: bool,
    wanted: Wanted,
    templates: Vec<(Arc<SourceFile>, Asked)>,
    parameters: Vec<(Arc<SourceFile>, Asked)>,
    places: FxHashMap<FileId, usize>,
    unreadable: Vec<Unreadable>,
    compiled: Vec<PathBuf>,
}

impl Found {
    fn add(&mut self, met: Met, asked: Asked) {
        let list = match met.role {
            Role::Template => &mut self.templates,
            Role::Parameters => &mut self.parameters,
            Role::Configuration => return,
        };
        match self.places.get(&met.file.id) {
            Some(&place) => list[place].1 = list[place].1.max(asked),
            None => {
                self.places.insert(met.file.id, list.len());
                list.push((met.file, asked));
            }
        }
    }

    fn plan(
        mut self,
        store: &Store<'_>,
        config: &Config,
        given: &[(&PathBuf, Arc<SourceFile>, Arc<Arguments>)],
    ) -> Result<Discovery, Error> {
        self.templates.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        self.parameters.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        let trees: Vec<_> = self.templates.par_iter().map(|(file, _)| store.template(file)).collect();
        let arguments: Vec<_> = self.parameters.par_iter().map(|(file, _)| store.arguments(file)).collect();
        let users = self.users(store, config, &trees, &arguments);
        let links = Links::new(store, &self.templates, &trees, &self.wanted);
        let wanted_parameters: Vec<bool> = self.parameters.iter().map(|(file, _)| self.wants(store, file)).collect();

        // Who is analysed, and with what; and whether with some only of what it could be.
        let mut entries: Vec<(usize, Vec<usize>, bool)> = Vec::new();
        for (place, (file, asked)) in self.templates.iter().enumerate() {
            if trees[place].is_none() {
                continue;
            }
            let own = |parameters: &usize| users[*parameters].contains(&place);
            let all: Vec<_> = (0..self.parameters.len()).filter(own).collect();
            let by_parameters: Vec<_> = all.iter().copied().filter(|one| wanted_parameters[*one]).collect();
            let listed = config.deployments.iter().any(|one| one.entry.value == file.path);
            let concerned = links.concerned.contains(&place) && (links.roots.contains(&place) || listed);
            let in_folder = *asked == Asked::Folder && (links.roots_in_folders.contains(&place) || listed);
            if concerned || (in_folder && !self.changed) {
                entries.push((place, all, false));
            } else if !by_parameters.is_empty() && (in_folder || !self.changed) {
                entries.push((place, by_parameters, true));
            }
        }

        let mut planned = Vec::new();
        for (place, own, partial) in entries {
            let (Some(template), file) = (&trees[place], &self.templates[place].0) else { continue };
            let mut plan =
                |given| planned.push(Planned { file: file.clone(), template: template.clone(), given, partial });
            let fits = |arguments: &Arguments| {
                template.may_declare_more() || parameters::undeclared(arguments, template).is_none()
            };
            if !given.is_empty() && given.iter().all(|(.., arguments)| fits(arguments)) {
                plan(given.iter().map(|(.., arguments)| arguments.clone()).collect());
            } else if !given.is_empty() {
                plan(Vec::new());
            } else if let Some(listed) = self.listed(store, config, file, partial.then_some(&own)) {
                listed.into_iter().for_each(plan);
            } else if own.is_empty() {
                plan(Vec::new());
            } else {
                own.into_iter().for_each(|one| plan(vec![arguments[one].clone()]));
            }
        }
        for (path, _, arguments) in given {
            let first = arguments.values.keys().find(|name| {
                !planned
                    .iter()
                    .any(|one| one.template.may_declare_more() || one.template.parameters.contains_key(*name))
            });
            if let Some(first) = first.filter(|_| !planned.is_empty()) {
                return Err(Error::Parameters { path: path.to_path_buf(), parameter: first.to_string() });
            }
        }
        Ok(self.finish(planned, given, &links))
    }

    /// Whether a parameter file is one that was asked about, or reads one.
    fn wants(&self, store: &Store<'_>, file: &SourceFile) -> bool {
        store.parameter_concerns(file, &self.wanted)
    }

    /// What the configuration says to analyse an entry with; none where it does not list it. Where only some of its
    /// parameter files are asked for, those lists with one of them.
    fn listed(
        &self,
        store: &Store<'_>,
        config: &Config,
        entry: &SourceFile,
        asked: Option<&Vec<usize>>,
    ) -> Option<Vec<Vec<Arc<Arguments>>>> {
        let mut listed: Vec<_> = config.deployments.iter().filter(|one| one.entry.value == entry.path).collect();
        if listed.is_empty() {
            return None;
        }
        if let Some(asked) = asked {
            let named = |path: &PathBuf| asked.iter().any(|one| self.parameters[*one].0.path == *path);
            listed.retain(|one| one.parameters.iter().any(|path| named(&path.value)));
        }
        // A file that is not there is said where the configuration is weighed.
        let read = |path: &PathBuf| store.files.read(path).ok().map(|file| store.arguments(&file));
        let with = |one: &&Configured| one.parameters.iter().map(|path| read(&path.value)).collect::<Option<Vec<_>>>();
        Some(listed.iter().filter_map(with).collect())
    }

    /// For each parameter file the templates that it is for.
    fn users(
        &self,
        store: &Store<'_>,
        config: &Config,
        trees: &[Option<Arc<Template>>],
        arguments: &[Arc<Arguments>],
    ) -> Vec<Vec<usize>> {
        let mut folders: FxHashMap<&Path, Vec<usize>> = FxHashMap::default();
        for (place, (file, _)) in self.templates.iter().enumerate() {
            folders.entry(file.path.parent().unwrap_or(&file.path)).or_default().push(place);
        }
        let of = |(file, arguments): (&Arc<SourceFile>, &Arc<Arguments>)| {
            if let Some(using) = store.using(file) {
                let named = |(place, (template, _)): (usize, &(Arc<SourceFile>, Asked))| {
                    (template.path == using && trees[place].is_some()).then_some(place)
                };
                return self.templates.iter().enumerate().filter_map(named).collect();
            }
            if file.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("bicepparam")) {
                return Vec::new();
            }
            let Some(places) = folders.get(file.path.parent().unwrap_or(&file.path)) else { return Vec::new() };
            let places: Vec<_> = places.iter().copied().filter(|place| trees[*place].is_some()).collect();
            let neighbours: Vec<_> = places
                .iter()
                .filter_map(|place| {
                    Some(Neighbour { path: &self.templates[*place].0.path, template: trees[*place].as_deref()? })
                })
                .collect();
            parameters::users(&file.path, arguments, &neighbours).into_iter().map(|one| places[one]).collect()
        };
        let mut users: Vec<Vec<usize>> = self.parameters.iter().map(|(file, _)| file).zip(arguments).map(of).collect();
        for one in &config.deployments {
            let entry = self.templates.iter().position(|(file, _)| file.path == one.entry.value);
            for (users, (file, _)) in users.iter_mut().zip(&self.parameters) {
                let with = one.parameters.iter().any(|path| path.value == file.path);
                users.extend(entry.filter(|entry| with && !users.contains(entry)));
            }
        }
        users
    }

    fn finish(
        self,
        planned: Vec<Planned>,
        given: &[(&PathBuf, Arc<SourceFile>, Arc<Arguments>)],
        links: &Links,
    ) -> Discovery {
        let entries: FxHashSet<_> = planned.iter().map(|one| one.file.id).collect();
        let used: FxHashSet<_> = planned.iter().flat_map(|one| &one.given).filter_map(|one| one.file).collect();
        let is_entry = |place: &usize| entries.contains(&self.templates[*place].0.id);
        let read = links.reached((0..self.templates.len()).filter(is_entry));
        // In folders everything is looked at, and elsewhere what the deployments are made of.
        let asked_for = |asked: Asked| asked == Asked::Named || (asked == Asked::Folder && !self.changed);
        let linked = (0..self.templates.len()).filter(|place| links.linked.contains(place));
        let linked = linked.map(|place| self.templates[place].0.id).collect();
        let templates = self.templates.iter().enumerate();
        let templates = templates.filter(|(place, (_, asked))| asked_for(*asked) || read.contains(place));
        let templates = templates.map(|(_, (file, _))| file.clone()).collect();
        let parameters = self.parameters.iter().filter(|(file, asked)| asked_for(*asked) || used.contains(&file.id));
        let mut parameters: Vec<_> = parameters.map(|(file, _)| file.clone()).collect();
        for (_, file, _) in given {
            if !parameters.iter().any(|known| known.id == file.id) {
                parameters.push(file.clone());
            }
        }
        let mut unreadable = self.unreadable;
        unreadable.retain(|one| !self.changed || self.wanted.has(&one.path));
        unreadable.dedup();
        let mut compiled = if self.changed { Vec::new() } else { self.compiled };
        compiled.sort();
        compiled.dedup();
        Discovery { planned, templates, parameters, linked, unreadable, compiled, terraform: Vec::new() }
    }
}
