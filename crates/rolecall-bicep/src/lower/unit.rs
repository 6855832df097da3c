//! One parsed file and what its names mean.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rolecall_source::{FileId, SourceFile, normalize};
use rustc_hash::FxHashMap;

use super::text;
use crate::parse::File;
use crate::syntax::{
    DeclarationBody, ImportedName, ImportedSymbols, ObjectItem, ResourceDeclaration, Statement, StringLiteral,
    SyntaxNode,
};

/// A file in the lowering of one: that one itself, or one that it imports from.
pub(super) struct Unit {
    /// 0 is the file asked for.
    pub number: usize,
    source: Arc<Source>,
}

impl Unit {
    pub fn new(source: Arc<Source>, number: usize) -> Self {
        Unit { number, source }
    }
}

impl Deref for Unit {
    type Target = Source;

    fn deref(&self) -> &Source {
        &self.source
    }
}

/// A parsed file, which many may import from.
pub(crate) struct Source {
    pub id: FileId,
    pub path: PathBuf,
    pub text: String,
    pub file: File,
    /// What is declared at the top, by exact name.
    pub declared: FxHashMap<String, Declared>,
    /// Resources by symbolic name; one inside another is `outer::inner`.
    pub resources: FxHashMap<String, ResourceInfo>,
}

/// What a name at the top of a file means.
#[derive(Clone, Debug)]
pub(crate) enum Declared {
    Parameter(usize),
    Variable(usize),
    Function(usize),
    Type(usize),
    Resource,
    /// One name of another file.
    Import {
        path: String,
        name: String,
    },
    /// All that another file exports.
    Wildcard {
        path: String,
    },
}

/// What must be known of a resource or module to refer to it.
#[derive(Clone, Debug)]
pub(crate) struct ResourceInfo {
    pub api_version: String,
    pub full_type: String,
    pub module: bool,
}

impl Source {
    pub fn new(file: &SourceFile) -> Self {
        let mut unit = Source {
            id: file.id,
            path: file.path.clone(),
            text: file.text.clone(),
            file: File::parse(&file.text),
            declared: FxHashMap::default(),
            resources: FxHashMap::default(),
        };
        let mut declared = FxHashMap::default();
        let mut resources = FxHashMap::default();
        for (place, piece) in unit.file.pieces().iter().enumerate() {
            if let Some(statement) = piece.statement() {
                unit.declare(place, statement, &mut declared, &mut resources);
            }
        }
        unit.declared = declared;
        unit.resources = resources;
        unit
    }

    pub fn statement(&self, place: usize) -> Option<Statement<'_>> {
        self.file.pieces().get(place)?.statement()
    }

    /// The absolute path that `path` means in this file.
    pub fn resolve(&self, path: &str) -> PathBuf {
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        normalize(&folder.join(path.replace('\\', "/")))
    }

    fn declare(
        &self,
        place: usize,
        statement: Statement<'_>,
        declared: &mut FxHashMap<String, Declared>,
        resources: &mut FxHashMap<String, ResourceInfo>,
    ) {
        let mut add = |name: Option<&str>, what: Declared| {
            if let Some(name) = name {
                declared.entry(name.to_owned()).or_insert(what);
            }
        };
        let text = &*self.text;
        match statement {
            Statement::ParameterDeclaration(one) => add(one.name().map(|n| n.text(text)), Declared::Parameter(place)),
            Statement::ParameterAssignment(one) => add(one.name().map(|n| n.text(text)), Declared::Parameter(place)),
            Statement::VariableDeclaration(one) => add(one.name().map(|n| n.text(text)), Declared::Variable(place)),
            Statement::FunctionDeclaration(one) => add(one.name().map(|n| n.text(text)), Declared::Function(place)),
            Statement::TypeDeclaration(one) => add(one.name().map(|n| n.text(text)), Declared::Type(place)),
            Statement::ModuleDeclaration(one) => {
                let Some(name) = one.name() else { return };
                let name = name.text(text);
                add(Some(name), Declared::Resource);
                let info = ResourceInfo {
                    api_version: String::new(),
                    full_type: "Microsoft.Resources/deployments".to_owned(),
                    module: true,
                };
                resources.insert(name.to_owned(), info);
            }
            Statement::ResourceDeclaration(one) => {
                add(one.name().map(|n| n.text(text)), Declared::Resource);
                self.resource(one, None, resources);
            }
            Statement::ImportDeclaration(one) => {
                let Some(path) = one.path().and_then(|path| self.plain(path)) else { return };
                match one.symbols() {
                    Some(ImportedSymbols::WildcardImport(all)) => {
                        add(all.alias().map(|n| n.text(text)), Declared::Wildcard { path });
                    }
                    Some(ImportedSymbols::ImportList(list)) => {
                        for item in list.items() {
                            let name = match item.name() {
                                Some(ImportedName::Identifier(name)) => name.text(text).to_owned(),
                                Some(ImportedName::String(name)) => text::single_line(name.text(text)),
                                None => continue,
                            };
                            let alias = item.alias().map_or(name.clone(), |alias| alias.text(text).to_owned());
                            add(Some(&alias), Declared::Import { path: path.clone(), name });
                        }
                    }
                    None => {}
                }
            }
            _ => {}
        }
    }

    /// A string without holes.
    pub fn plain(&self, literal: StringLiteral<'_>) -> Option<String> {
        match literal {
            StringLiteral::String(string) => Some(text::single_line(string.text(&self.text))),
            _ => None,
        }
    }

    fn resource(
        &self,
        declaration: ResourceDeclaration<'_>,
        outer: Option<(&str, &ResourceInfo)>,
        resources: &mut FxHashMap<String, ResourceInfo>,
    ) {
        let Some(name) = declaration.name().map(|name| name.text(&self.text)) else { return };
        let written = declaration.ty().and_then(|ty| self.plain(ty)).unwrap_or_default();
        let written = written.split_once(':').map_or(&*written, |(_, written)| written);
        let (short, api_version) = written.split_once('@').unwrap_or((written, ""));
        let symbol = outer.map_or_else(|| name.to_owned(), |(outer, _)| format!("{outer}::{name}"));
        let (mut full_type, mut api_version) = (short.to_owned(), api_version.to_owned());
        if let Some((_, info)) = outer {
            full_type = format!("{}/{}", info.full_type, short.rsplit('/').next().unwrap_or(short));
            if api_version.is_empty() {
                api_version.clone_from(&info.api_version);
            }
        }
        let info = ResourceInfo { api_version, full_type, module: false };
        let object = match declaration.body() {
            Some(DeclarationBody::Object(object)) => Some(object),
            Some(DeclarationBody::IfBody(body)) => body.body(),
            _ => None,
        };
        for item in object.into_iter().flat_map(|object| object.items()) {
            if let ObjectItem::ResourceDeclaration(inner) = item {
                self.resource(inner, Some((&symbol, &info)), resources);
            }
        }
        resources.insert(symbol, info);
    }
}
