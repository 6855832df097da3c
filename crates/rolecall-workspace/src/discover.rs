//! Which deployments there are: entry templates, each with the parameter files that go with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rolecall_source::{DiskFiles, FileId, Files, SourceFile, Unreadable};
use rolecall_template::evaluate::Arguments;
use rolecall_template::ir::Template;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, Configured};
use crate::parameters::{self, Neighbour};
use crate::store::{Store, links};
use crate::walk::{self, Folder, Met, Role};
use crate::{Error, Options, root, terraform};

/// A deployment to evaluate.
pub(crate) struct Planned {
    pub file: Arc<SourceFile>,
    pub template: Arc<Template>,
    pub given: Vec<Arc<Arguments>>,
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

/// What the command line names, with links resolved.
#[derive(Default)]
pub(crate) struct Named {
    folders: Vec<PathBuf>,
    files: Vec<AsGiven>,
    parameters: Vec<AsGiven>,
    var_files: Vec<AsGiven>,
    plans: Vec<AsGiven>,
    pub module_cache: Option<PathBuf>,
    pub config: Option<AsGiven>,
    pub grants: Vec<AsGiven>,
    pub baseline: Option<AsGiven>,
}

impl Named {
    /// The folder that holds all that is named.
    pub fn base(&self) -> PathBuf {
        let files = self.files.iter().chain(&self.plans).map(|file| file.real.parent().unwrap_or(&file.real));
        let mut all = self.folders.iter().map(PathBuf::as_path).chain(files);
        let first = all.next().map(Path::to_path_buf).unwrap_or_default();
        let shared = |a: PathBuf, b: &Path| {
            a.components().zip(b.components()).take_while(|(a, b)| a == b).map(|(both, _)| both).collect()
        };
        all.fold(first, shared)
    }

    /// Whether a folder that was named holds this.
    pub fn covers(&self, path: &Path) -> bool {
        self.folders.iter().any(|folder| path.starts_with(folder))
    }

    /// Whether values are given in place of those that belong to the templates.
    pub fn replaces_values(&self, options: &Options) -> bool {
        !(self.parameters.is_empty() && self.var_files.is_empty() && options.var.is_empty())
    }
}

/// A file as it was given, and with its links resolved.
pub(crate) struct AsGiven {
    pub given: PathBuf,
    pub real: PathBuf,
}

impl AsGiven {
    pub fn read(&self, files: &DiskFiles) -> Result<Arc<SourceFile>, Error> {
        files.read(&self.real).map_err(|error| Error::Path { path: self.given.clone(), reason: error.to_string() })
    }
}

/// Resolves what the command line names, and opens the snapshot that it confines.
pub(crate) fn open(options: &Options) -> Result<(DiskFiles, Named), Error> {
    let unreadable = |path: &Path, error: std::io::Error| Error::Path { path: path.into(), reason: error.to_string() };
    let here = [PathBuf::from(".")];
    // A plan is all that is asked about where nothing else is named.
    let paths = if options.paths.is_empty() && options.plans.is_empty() { &here[..] } else { &options.paths };
    let mut named = Named::default();
    let mut roots = Vec::new();
    let as_given = |path: &PathBuf| {
        let full = options.current_dir.join(path);
        // What an open editor holds need not be on disk.
        let real = if options.buffers.contains_key(&full) { Ok(full) } else { full.canonicalize() };
        match real {
            Ok(real) => Ok(AsGiven { given: path.clone(), real }),
            Err(error) => Err(unreadable(path, error)),
        }
    };
    for path in paths {
        let AsGiven { given, real } = as_given(path)?;
        roots.push(root::of(&real));
        if real.is_dir() {
            std::fs::read_dir(&real).map_err(|error| unreadable(path, error))?;
            named.folders.push(real);
        } else {
            named.files.push(AsGiven { given, real });
        }
    }
    named.parameters = options.parameters.iter().map(as_given).collect::<Result<_, _>>()?;
    named.module_cache = match options.module_cache.as_ref().map(as_given).transpose()? {
        Some(cache) if !cache.real.is_dir() => {
            return Err(Error::Path { path: cache.given, reason: "it is no folder".to_owned() });
        }
        cache => cache.map(|cache| cache.real),
    };
    named.var_files = options.var_files.iter().map(as_given).collect::<Result<_, _>>()?;
    named.plans = options.plans.iter().map(as_given).collect::<Result<_, _>>()?;
    named.config = options.config.as_ref().map(as_given).transpose()?;
    named.grants = options.grants.iter().map(as_given).collect::<Result<_, _>>()?;
    named.baseline = options.baseline.as_ref().map(as_given).transpose()?;
    if roots.is_empty() {
        roots.extend(named.plans.first().map(|plan| root::of(&plan.real)));
    }
    let mut files = match &options.root {
        Some(given) => {
            let files = DiskFiles::new(&options.current_dir.join(given))
                .map_err(|error| Error::Root { path: given.clone(), reason: error.to_string() })?;
            if let Some(outside) = named.folders.iter().find(|folder| !folder.starts_with(files.root())) {
                let reason = format!("`{}` lies outside of it", outside.display());
                return Err(Error::Root { path: given.clone(), reason });
            }
            files
        }
        None => DiskFiles::new(&roots[0]).map_err(|error| unreadable(&roots[0], error))?,
    };
    if options.root.is_none() {
        roots.iter().skip(1).for_each(|root| files.allow(root));
    }
    let lists = [&named.files, &named.parameters, &named.var_files, &named.plans, &named.grants];
    let single = named.config.iter().chain(&named.baseline);
    lists.into_iter().flatten().chain(single).for_each(|file| files.allow(&file.real));
    options.buffers.iter().for_each(|(path, text)| files.put(path, text.clone()));
    Ok((files, named))
}

/// Finds the deployments.
pub(crate) fn discover(
    store: &Store<'_>,
    modules: &rolecall_terraform::Cache,
    named: &Named,
    options: &Options,
    config: &Arc<Config>,
) -> Result<Discovery, Error> {
    let files = store.files;
    let mut found = Found::default();
    let mut of_terraform = terraform::Named::default();
    for folder in &named.folders {
        let Folder { files: met, compiled, unreadable } = walk::walk(files, folder, config, options.compiled);
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
    for one in &named.files {
        let file = one.read(files)?;
        if of_terraform.take(&one.real) {
            continue;
        }
        let Some(role) = walk::role(&one.real, &file.text) else { continue };
        for sibling in one.real.parent().map(|folder| walk::siblings(files, folder)).unwrap_or_default() {
            found.add(sibling, Asked::Beside);
        }
        found.add(Met { file, role }, Asked::Named);
    }
    let mut given = Vec::new();
    for one in &named.parameters {
        let file = one.read(files)?;
        given.push((&one.given, file.clone(), store.arguments(&file)));
    }
    let values = terraform::read(files, &named.var_files, &named.plans, &options.var)?;
    let planned = terraform::discover(files, modules, of_terraform, &values, config)?;
    Ok(Discovery { terraform: planned, ..found.plan(store, config, &given)? })
}

/// How a file was come by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    /// It stands beside a file that was named.
    Beside,
    /// In a folder that was named.
    Folder,
    /// By its own name.
    Named,
}

#[derive(Default)]
struct Found {
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
        let users = self.users(store, &trees, &arguments);
        let (links, roots) = self.links(store, &trees);
        let linked: FxHashSet<_> = links.iter().flatten().map(|place| self.templates[*place].0.id).collect();

        // Who is analysed, and with what.
        let mut entries: Vec<(usize, Vec<usize>)> = Vec::new();
        for (place, (file, asked)) in self.templates.iter().enumerate() {
            if trees[place].is_none() {
                continue;
            }
            let own = |parameters: &usize| users[*parameters].contains(&place);
            let all: Vec<_> = (0..self.parameters.len()).filter(own).collect();
            let by_parameters: Vec<_> =
                all.iter().copied().filter(|one| self.parameters[*one].1 == Asked::Named).collect();
            let listed = config.deployments.iter().any(|one| one.entry.value == file.path);
            let entry = match asked {
                Asked::Named => true,
                Asked::Beside => false,
                Asked::Folder if listed => true,
                Asked::Folder => roots.contains(&place),
            };
            match (entry, by_parameters.is_empty()) {
                (true, _) => entries.push((place, all)),
                (false, false) => entries.push((place, by_parameters)),
                (false, true) => {}
            }
        }

        let mut planned = Vec::new();
        for (place, own) in entries {
            let (Some(template), file) = (&trees[place], &self.templates[place].0) else { continue };
            let mut plan = |given| planned.push(Planned { file: file.clone(), template: template.clone(), given });
            let fits = |arguments: &Arguments| {
                template.incomplete.is_some() || parameters::undeclared(arguments, template).is_none()
            };
            if !given.is_empty() && given.iter().all(|(.., arguments)| fits(arguments)) {
                plan(given.iter().map(|(.., arguments)| arguments.clone()).collect());
            } else if !given.is_empty() {
                plan(Vec::new());
            } else if let Some(listed) = self.listed(store, config, file, &own) {
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
                    .any(|one| one.template.incomplete.is_some() || one.template.parameters.contains_key(*name))
            });
            if let Some(first) = first.filter(|_| !planned.is_empty()) {
                return Err(Error::Parameters { path: path.to_path_buf(), parameter: first.to_string() });
            }
        }
        Ok(self.finish(planned, given, linked))
    }

    /// What the configuration says to analyse an entry with; none where it does not list it. Where only some of its
    /// parameter files are asked for, those lists with one of them.
    fn listed(
        &self,
        store: &Store<'_>,
        config: &Config,
        entry: &SourceFile,
        own: &[usize],
    ) -> Option<Vec<Vec<Arc<Arguments>>>> {
        let mut listed: Vec<_> = config.deployments.iter().filter(|one| one.entry.value == entry.path).collect();
        if listed.is_empty() {
            return None;
        }
        let asked: Vec<_> = own.iter().map(|one| &self.parameters[*one]).collect();
        if !asked.is_empty() && asked.iter().all(|(_, asked)| *asked == Asked::Named) {
            let named = |path: &PathBuf| asked.iter().any(|(file, _)| file.path == *path);
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
        self.parameters.iter().map(|(file, _)| file).zip(arguments).map(of).collect()
    }

    /// For each template those that it links, and which ones stand at the top: nobody links them, or only such as they
    /// link themselves.
    fn links(&self, store: &Store<'_>, trees: &[Option<Arc<Template>>]) -> (Vec<Vec<usize>>, FxHashSet<usize>) {
        let places: FxHashMap<&Path, usize> =
            self.templates.iter().enumerate().map(|(place, (file, _))| (&*file.path, place)).collect();
        let links: Vec<Vec<usize>> = self
            .templates
            .iter()
            .zip(trees)
            .enumerate()
            .map(|(from, ((file, _), tree))| {
                let mut paths = tree.as_ref().map(|tree| links(file, tree)).unwrap_or_default();
                paths.extend(store.imports(file));
                paths.iter().filter_map(|path| places.get(&**path).copied()).filter(|to| *to != from).collect()
            })
            .collect();
        let linked: FxHashSet<_> = links.iter().flatten().copied().collect();
        let mut reached: FxHashSet<usize> = FxHashSet::default();
        let mut roots = FxHashSet::default();
        let free = (0..links.len()).filter(|place| !linked.contains(place));
        // Behind them come those in circles, of which the first stands for the circle.
        for place in free.chain(0..links.len()) {
            if reached.contains(&place) {
                continue;
            }
            roots.insert(place);
            let mut open = vec![place];
            while let Some(place) = open.pop() {
                if reached.insert(place) {
                    open.extend(&links[place]);
                }
            }
        }
        (links, roots)
    }

    fn finish(
        self,
        planned: Vec<Planned>,
        given: &[(&PathBuf, Arc<SourceFile>, Arc<Arguments>)],
        linked: FxHashSet<FileId>,
    ) -> Discovery {
        let entries: FxHashSet<_> = planned.iter().map(|one| one.file.id).collect();
        let used: FxHashSet<_> = planned.iter().flat_map(|one| &one.given).filter_map(|one| one.file).collect();
        let concerned = |(file, asked): &(Arc<SourceFile>, Asked)| {
            *asked != Asked::Beside || entries.contains(&file.id) || used.contains(&file.id)
        };
        let list = |files: Vec<(Arc<SourceFile>, Asked)>| {
            files.into_iter().filter(concerned).map(|(file, _)| file).collect::<Vec<_>>()
        };
        let mut parameters = list(self.parameters);
        for (_, file, _) in given {
            if !parameters.iter().any(|known| known.id == file.id) {
                parameters.push(file.clone());
            }
        }
        let mut unreadable = self.unreadable;
        unreadable.dedup();
        let mut compiled = self.compiled;
        compiled.sort();
        compiled.dedup();
        let templates = list(self.templates);
        Discovery { planned, templates, parameters, linked, unreadable, compiled, terraform: Vec::new() }
    }
}
