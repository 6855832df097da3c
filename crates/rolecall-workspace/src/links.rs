//! Which templates link which, which of them stand at the top, and which are concerned by files that were asked about.

use std::path::Path;
use std::sync::Arc;

use rolecall_source::SourceFile;
use rolecall_template::ir::Template;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::discover::Asked;
use crate::named::Wanted;
use crate::store::Store;

/// The templates of a run, by their places in its list.
pub(crate) struct Links {
    /// For each those that it links or imports from.
    links: Vec<Vec<usize>>,
    /// Those that another links.
    pub linked: FxHashSet<usize>,
    /// Those at the top: nobody links them, or only such as they link themselves.
    pub roots: FxHashSet<usize>,
    /// The same, as far as it can be told without those that merely stand beside a file that was named.
    pub roots_in_folders: FxHashSet<usize>,
    /// Those that are files asked about, or read such at any remove.
    pub concerned: FxHashSet<usize>,
}

impl Links {
    pub fn new(
        store: &Store<'_>,
        templates: &[(Arc<SourceFile>, Asked)],
        trees: &[Option<Arc<Template>>],
        wanted: &Wanted,
    ) -> Self {
        let places: FxHashMap<&Path, usize> =
            templates.iter().enumerate().map(|(place, (file, _))| (&*file.path, place)).collect();
        let mut all = Vec::with_capacity(templates.len());
        let mut concerned = Vec::new();
        for (place, ((file, _), tree)) in templates.iter().zip(trees).enumerate() {
            let paths = tree.as_ref().map(|_| store.uses(file)).unwrap_or_default();
            if store.template_concerns(file, wanted) || paths.iter().any(|path| wanted.has(path)) {
                concerned.push(place);
            }
            all.push(paths.iter().filter_map(|path| places.get(&**path).copied()).filter(|to| *to != place).collect());
        }
        let linked = all.iter().flatten().copied().collect();
        let in_folders = |place: usize| templates[place].1 != Asked::Beside;
        let some = |(from, to): (usize, &Vec<usize>)| if in_folders(from) { to.clone() } else { Vec::new() };
        Links {
            roots: roots(&all),
            roots_in_folders: roots(&all.iter().enumerate().map(some).collect::<Vec<_>>()),
            concerned: reached(&reversed(&all), concerned),
            linked,
            links: all,
        }
    }

    /// These and all that they link.
    pub fn reached(&self, from: impl IntoIterator<Item = usize>) -> FxHashSet<usize> {
        reached(&self.links, from)
    }
}

fn roots(links: &[Vec<usize>]) -> FxHashSet<usize> {
    let linked: FxHashSet<_> = links.iter().flatten().copied().collect();
    let mut seen: FxHashSet<usize> = FxHashSet::default();
    let mut roots = FxHashSet::default();
    let free = (0..links.len()).filter(|place| !linked.contains(place));
    // Behind them come those in circles, of which the first stands for the circle.
    for place in free.chain(0..links.len()) {
        if !seen.contains(&place) {
            roots.insert(place);
            reach(links, place, &mut seen);
        }
    }
    roots
}

fn reached(links: &[Vec<usize>], from: impl IntoIterator<Item = usize>) -> FxHashSet<usize> {
    let mut seen = FxHashSet::default();
    from.into_iter().for_each(|place| reach(links, place, &mut seen));
    seen
}

fn reach(links: &[Vec<usize>], from: usize, seen: &mut FxHashSet<usize>) {
    let mut open = vec![from];
    while let Some(place) = open.pop() {
        if seen.insert(place) {
            open.extend(&links[place]);
        }
    }
}

fn reversed(links: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut back = vec![Vec::new(); links.len()];
    for (from, to) in links.iter().enumerate() {
        to.iter().for_each(|to| back[*to].push(from));
    }
    back
}
