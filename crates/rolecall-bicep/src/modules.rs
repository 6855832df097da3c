//! Modules of registries and template specs: where the cache that `bicep restore` leaves keeps them.
//!
//! The compiler lays them out as `br/<registry>/<repository>/<tag>$<case>/main.json`, with `:` in the registry and `/` in
//! the repository written as `$`, and as `ts/<subscription>/<resource group>/<name>/<version>/main.json` in lower case
//! (`BicepRegistryArtifact.cs`, `TagEncoder.cs` and `TemplateSpecModuleArtifact.cs` in Azure/bicep, commit 9beb0fee). The
//! cache is `~/.bicep` unless the nearest `bicepconfig.json` names another; that file also says what aliases mean.
//!
//! Nothing is fetched, and whether what lies in the cache is still what the registry holds is not known.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rolecall_source::{FileId, Files, ReadError, SourceFile, normalize};
use rolecall_template::ir::{Element, Expr, ExprKind};
use rustc_hash::FxHashMap;

/// How many `bicepconfig.json` may extend one another, as in the compiler.
const MAX_EXTENDS: usize = 64;

/// What the compiler says of an alias that no `bicepconfig.json` changes.
const PUBLIC: [(&str, &str); 2] = [("br/public/registry", "mcr.microsoft.com"), ("br/public/modulePath", "bicep")];

/// Where restored modules are looked for.
#[derive(Debug, Default)]
pub struct Modules {
    /// The cache that was named for this run.
    given: Option<PathBuf>,
    /// The user's folder, which holds `.bicep`.
    home: Option<PathBuf>,
    /// What each `bicepconfig.json` says.
    settings: Mutex<FxHashMap<FileId, Arc<Settings>>>,
}

/// What the nearest `bicepconfig.json` says of modules.
#[derive(Debug, Default)]
struct Settings {
    cache: Option<String>,
    /// The parts of aliases, as `br/<alias>/<part>`.
    aliases: BTreeMap<String, String>,
    /// The files that it extends, and those that were there.
    extended: Vec<(PathBuf, Option<FileId>)>,
}

impl Modules {
    /// Looks in the cache `given` (absolute), else in the one that `bicepconfig.json` names, else in `.bicep` below `home`.
    pub fn new(given: Option<PathBuf>, home: Option<PathBuf>) -> Self {
        Modules { given, home, settings: Mutex::default() }
    }

    /// The compiled template that `reference` (`br:…`, `br/alias:…`, `ts:…`, `ts/alias:…`) means in the file `from`.
    ///
    /// # Errors
    /// Why there is none, as the end of a sentence that names the module.
    pub fn find(&self, reference: &str, from: &Path, files: &dyn Files) -> Result<Arc<SourceFile>, String> {
        let settings = self.settings(from, files);
        let inside = locate(reference, &settings.aliases)?;
        let cache = self.cache(&settings).ok_or(ReadError::NotFound);
        cache.and_then(|cache| files.read_restored(&cache, &inside)).map_err(|error| match error {
            ReadError::NotFound => "it is not restored: run `bicep restore`".to_owned(),
            error => format!("its restored copy cannot be read: {error}"),
        })
    }

    /// Whether a file is a restored module, where a cache lies among the files that are analysed.
    pub fn holds(&self, file: &Path, files: &dyn Files) -> bool {
        let folders = ["br", "ts"];
        // Few paths have such a folder, so few need what `bicepconfig.json` says.
        let may = file.components().any(|part| folders.iter().any(|folder| part.as_os_str() == *folder));
        may && self
            .cache(&self.settings(file, files))
            .is_some_and(|cache| folders.iter().any(|folder| file.starts_with(cache.join(folder))))
    }

    fn cache(&self, settings: &Settings) -> Option<PathBuf> {
        if let Some(given) = &self.given {
            return Some(given.clone());
        }
        match settings.cache.as_deref().filter(|named| !named.trim().is_empty()) {
            Some("~") => self.home.clone(),
            Some(named) => match named.strip_prefix("~/").or_else(|| named.strip_prefix("~\\")) {
                Some(rest) => Some(self.home.as_ref()?.join(rest)),
                // The compiler takes absolute paths alone.
                None => Some(PathBuf::from(named)).filter(|named| named.is_absolute()),
            },
            None => Some(self.home.as_ref()?.join(".bicep")),
        }
    }

    /// What holds for a file. Every look-up that it rests on is made again.
    fn settings(&self, file: &Path, files: &dyn Files) -> Arc<Settings> {
        let folder = file.parent().unwrap_or(file);
        let inside = folder.ancestors().take_while(|folder| folder.starts_with(files.root()));
        let nearest = inside.map(|folder| folder.join("bicepconfig.json")).find_map(|path| files.read(&path).ok());
        let Some(nearest) = nearest else { return Arc::default() };
        let known = self.settings.lock().unwrap_or_else(PoisonError::into_inner).get(&nearest.id).cloned();
        let same = |(path, id): &(PathBuf, Option<FileId>)| files.read(path).ok().map(|file| file.id) == *id;
        if let Some(known) = known.filter(|known| known.extended.iter().all(same)) {
            return known;
        }
        let settings = Arc::new(Settings::read(&nearest, files));
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).insert(nearest.id, settings.clone());
        settings
    }

    /// Lets go of what stood in other files than those that `is_there` says are there.
    pub(crate) fn retain(&self, is_there: impl Fn(FileId) -> bool) {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).retain(|id, _| is_there(*id));
    }
}

impl Settings {
    /// What a `bicepconfig.json` and those that it extends say; what stands nearer wins.
    fn read(file: &Arc<SourceFile>, files: &dyn Files) -> Settings {
        let mut settings = Settings::default();
        let mut next = Some(file.clone());
        for _ in 0..MAX_EXTENDS {
            let Some(file) = next.take() else { break };
            let Some(config) = rolecall_arm::parse_data(&file) else { break };
            if settings.cache.is_none() {
                settings.cache = text(property(&config, "cacheRootDirectory")).map(str::to_owned);
            }
            for scheme in ["br", "ts"] {
                let aliases = property(&config, "moduleAliases").and_then(|aliases| property(aliases, scheme));
                for (alias, parts) in aliases.into_iter().flat_map(properties) {
                    for (part, value) in properties(parts) {
                        if let Some(value) = text(Some(value)) {
                            let at = format!("{scheme}/{alias}/{part}");
                            settings.aliases.entry(at).or_insert_with(|| value.to_owned());
                        }
                    }
                }
            }
            next = text(property(&config, "extends")).and_then(|path| {
                let folder = file.path.parent()?;
                let path = normalize(&folder.join(path.replace('\\', "/")));
                let file = files.read(&path).ok();
                settings.extended.push((path, file.as_ref().map(|file| file.id)));
                file
            });
        }
        settings
    }
}

/// Whether a path names a module of a registry or a template spec, not a file.
pub(crate) fn is_remote(path: &str) -> bool {
    ["br:", "br/", "ts:", "ts/"].iter().any(|prefix| path.starts_with(prefix))
}

/// The file of a module in a cache.
fn locate(reference: &str, aliases: &BTreeMap<String, String>) -> Result<PathBuf, String> {
    let (scheme, rest) = reference.split_once(':').ok_or("it names no version")?;
    let (scheme, alias) = match scheme.split_once('/') {
        Some((scheme, alias)) => (scheme, Some(alias)),
        None => (scheme, None),
    };
    let part = |name: &str| {
        let at = format!("{scheme}/{}/{name}", alias.unwrap_or_default());
        let known = PUBLIC.iter().find(|(known, _)| *known == at).map(|(_, value)| *value);
        aliases.get(&at).map(String::as_str).or(known)
    };
    let missing = || format!("no `bicepconfig.json` says what the alias `{}` means", alias.unwrap_or_default());
    let full = match (scheme, alias) {
        (_, None) => rest.to_owned(),
        ("br", Some(_)) => {
            let registry = part("registry").ok_or_else(missing)?;
            match part("modulePath") {
                Some(path) => format!("{registry}/{path}/{rest}"),
                None => format!("{registry}/{rest}"),
            }
        }
        (_, Some(_)) => {
            let (subscription, group) = part("subscription").zip(part("resourceGroup")).ok_or_else(missing)?;
            format!("{subscription}/{group}/{rest}")
        }
    };
    match scheme {
        "br" => of_registry(&full).ok_or_else(|| format!("`br:{full}` is no name of a module in a registry")),
        "ts" => of_template_spec(&full).ok_or_else(|| format!("`ts:{full}` is no name of a template spec")),
        _ => Err(format!("`{scheme}` is no place for modules")),
    }
}

/// `registry/path/name:tag` or `registry/path/name@digest`.
fn of_registry(full: &str) -> Option<PathBuf> {
    let (registry, rest) = full.split_once('/')?;
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    if registry.is_empty() || !registry.bytes().all(is_host) || registry.bytes().all(|byte| byte == b'.') {
        return None;
    }
    let end = rest.find([':', '@'])?;
    let (repository, version) = rest.split_at(end);
    if !repository.split('/').all(is_segment) {
        return None;
    }
    let version = match version.split_at(1) {
        (":", tag) => folder_of_tag(tag)?,
        (_, digest) => {
            let hash = digest.strip_prefix("sha256:")?;
            let is_hash = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            is_hash.then(|| digest.replace(':', "#"))?
        }
    };
    let registry = registry.replace(':', "$").to_ascii_lowercase();
    Some(["br", &*registry, &*repository.replace('/', "$"), &*version, "main.json"].iter().collect())
}

/// A part of a repository's name: letters and digits, with single separators between them.
fn is_segment(segment: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'));
    segment.split(['.', '_', '-']).all(part)
}

/// The folder of a tag: file systems may ignore case, so the places of its capitals follow it as a hexadecimal mask.
fn folder_of_tag(tag: &str) -> Option<String> {
    let is_tag = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    if tag.is_empty() || tag.len() > 128 || tag.starts_with(['.', '-']) || !tag.bytes().all(is_tag) {
        return None;
    }
    let capitals = tag.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_uppercase());
    let mask = capitals.fold(0u128, |mask, (place, _)| mask | 1 << place);
    Some(if mask == 0 { format!("{tag}$") } else { format!("{tag}${mask:x}") })
}

/// `subscription/group/name:version`.
fn of_template_spec(full: &str) -> Option<PathBuf> {
    let (path, version) = full.split_once(':')?;
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.push(version);
    let is_name = |part: &&str| {
        let is_legal = |one: char| one.is_alphanumeric() || "-_.()".contains(one);
        !part.is_empty() && part.chars().count() <= 90 && part.chars().all(is_legal) && !part.ends_with('.')
    };
    if parts.len() != 4 || !parts.iter().all(is_name) {
        return None;
    }
    let parts = parts.iter().map(|part| part.to_lowercase());
    Some(["ts".to_owned()].into_iter().chain(parts).chain(["main.json".to_owned()]).collect())
}

fn properties(object: &Expr) -> impl Iterator<Item = (&str, &Expr)> {
    let elements = match &object.kind {
        ExprKind::Object(elements) => &elements[..],
        _ => &[],
    };
    elements.iter().filter_map(|element| match element {
        Element::Property(Expr { kind: ExprKind::Str(name), .. }, value) => Some((&**name, value)),
        _ => None,
    })
}

fn property<'e>(object: &'e Expr, name: &str) -> Option<&'e Expr> {
    properties(object).filter(|(known, _)| *known == name).map(|(_, value)| value).last()
}

fn text(value: Option<&Expr>) -> Option<&str> {
    match &value?.kind {
        ExprKind::Str(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn located(reference: &str) -> Result<String, String> {
        let aliases = [
            ("br/own/registry", "example.azurecr.io"),
            ("br/host/registry", "LOCALHOST:5000"),
            ("br/own/modulePath", "bicep/modules"),
            ("br/public/modulePath", "bicep/avm"),
            ("ts/specs/subscription", "5B93A4C4-8C31-4A7C-9C3D-D5F1A1C4F6B2"),
            ("ts/specs/resourceGroup", "rg-Specs"),
        ];
        let aliases = aliases.iter().map(|(at, value)| ((*at).to_owned(), (*value).to_owned())).collect();
        Ok(locate(reference, &aliases)?.to_string_lossy().replace('\\', "/"))
    }

    #[test]
    fn a_registry_module_lies_by_registry_repository_and_tag() {
        let at = |reference| located(reference).expect("located");
        assert_eq!(at("br:Example.azurecr.io/bicep/aks:v1.2"), "br/example.azurecr.io/bicep$aks/v1.2$/main.json");
        assert_eq!(at("br/own:aks:1.0.0"), "br/example.azurecr.io/bicep$modules$aks/1.0.0$/main.json");
        assert_eq!(at("br/host:aks:1"), "br/localhost$5000/aks/1$/main.json");
    }

    #[test]
    fn the_public_alias_is_known_and_can_be_changed_in_part() {
        let without = locate("br/public:avm/res/x:1", &BTreeMap::new()).expect("located");
        assert_eq!(without, Path::new("br/mcr.microsoft.com/bicep$avm$res$x/1$/main.json"));
        assert_eq!(located("br/public:res/x:1").expect("located"), "br/mcr.microsoft.com/bicep$avm$res$x/1$/main.json");
    }

    #[test]
    fn capitals_of_a_tag_stand_behind_it_as_a_mask() {
        assert_eq!(folder_of_tag("V1B").as_deref(), Some("V1B$5"));
        assert_eq!(
            folder_of_tag(&format!("{}A", "a".repeat(64))),
            Some(format!("{}A$10000000000000000", "a".repeat(64)))
        );
    }

    #[test]
    fn a_digest_stands_in_for_a_tag() {
        let digest = "0123456789abcdef".repeat(4);
        let found = located(&format!("br:e.io/m@sha256:{digest}")).expect("located");
        assert_eq!(found, format!("br/e.io/m/sha256#{digest}/main.json"));
        assert!(located("br:e.io/m@sha256:0123").is_err());
    }

    #[test]
    fn a_template_spec_lies_by_its_id_in_lower_case() {
        let at = "ts/5b93a4c4-8c31-4a7c-9c3d-d5f1a1c4f6b2/rg-specs/storage/v1/main.json";
        assert_eq!(located("ts/specs:Storage:V1").expect("located"), at);
        assert_eq!(located("ts:5B93A4C4-8C31-4A7C-9C3D-D5F1A1C4F6B2/rg-specs/storage:v1").expect("located"), at);
    }

    #[test]
    fn what_is_no_name_leads_nowhere() {
        for reference in [
            "br:e.io/../../x:1",
            "br:../a:1",
            "br:e.io/a/..:1",
            "br:e.io/m:..",
            "br:e.io/m",
            "br:e.io/m:",
            "br:/m:1",
            "br:..:1",
            "br:e.io/M:1",
            "ts:../../../x:1",
            "ts:a/b/c:..",
            "ts:a/b:1",
            "ts:a/b/c/d:1",
            "xx:a/b:1",
            "br/none:m:1",
            "br",
        ] {
            assert!(located(reference).is_err(), "{reference}");
        }
    }
}
