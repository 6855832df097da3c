//! The picture as a Mermaid flowchart, which GitHub, GitLab and Azure DevOps draw in Markdown.

use std::io;

use super::picture::{Kind, Permission, Picture, Scene};

/// Beyond so many links Mermaid refuses to draw (500, by default): then what is granted is left out.
const MAX_LINKS: usize = 400;

/// Writes the picture.
///
/// A granted permission is a solid line, one that is missing a dotted line that ends in a cross, an assumed one a dotted
/// arrow, an undecided one a dotted line that ends in a circle; each says which it is. What AKS grants by itself is left
/// out.
///
/// # Errors
/// Those of `out`.
pub fn mermaid(out: &mut dyn io::Write, picture: &Picture) -> io::Result<()> {
    let links = |scene: &Scene| scene.uses.len() + scene.permissions.iter().filter(|one| !one.by_aks).count();
    let all = picture.scenes.iter().map(links).sum::<usize>() <= MAX_LINKS;
    writeln!(out, "flowchart LR")?;
    if !all {
        writeln!(out, "  %% what is granted is left out: Mermaid draws no more than some {MAX_LINKS} links")?;
    }
    let mut painter = Painter { out, links: 0, missing: Vec::new() };
    for (number, scene) in picture.scenes.iter().enumerate() {
        painter.scene(number, scene, all)?;
    }
    let Painter { out, missing, .. } = painter;
    writeln!(out, "  classDef cluster stroke-width:3px")?;
    if !missing.is_empty() {
        writeln!(out, "  linkStyle {} stroke:#c62828,stroke-width:2px", missing.join(","))?;
    }
    Ok(())
}

struct Painter<'o> {
    out: &'o mut dyn io::Write,
    links: usize,
    /// The numbers of the links that are missing permissions.
    missing: Vec<String>,
}

impl Painter<'_> {
    fn scene(&mut self, number: usize, scene: &Scene, all: bool) -> io::Result<()> {
        let shown = |one: &&Permission| !one.by_aks && (all || one.answer != "granted");
        let permissions: Vec<_> = scene.permissions.iter().filter(shown).collect();
        let used = |thing: usize| {
            scene.uses.iter().any(|one| one.cluster == thing || one.identity == thing)
                || permissions.iter().any(|one| one.identity == thing || one.scope == thing)
                || scene.things.get(thing).is_some_and(|one| one.kind == Kind::Cluster)
        };
        writeln!(self.out, "  subgraph d{number}[\"{}\"]", label(&scene.name))?;
        for (at, thing) in scene.things.iter().enumerate().filter(|(at, _)| used(*at)) {
            let name = label(&thing.name);
            let sort = if thing.sort.is_empty() { String::new() } else { format!("<br/>({})", label(&thing.sort)) };
            match thing.kind {
                Kind::Cluster => writeln!(self.out, "    d{number}t{at}{{{{\"{name}<br/>(cluster)\"}}}}:::cluster")?,
                Kind::Identity => writeln!(self.out, "    d{number}t{at}([\"{name}{sort}\"])")?,
                Kind::Scope => writeln!(self.out, "    d{number}t{at}[\"{name}{sort}\"]")?,
            }
        }
        for one in &scene.uses {
            let role = label(one.role);
            writeln!(self.out, "    d{number}t{} == \"{role}\" ==> d{number}t{}", one.cluster, one.identity)?;
            self.links += 1;
        }
        for one in permissions {
            let role = label(&one.role);
            let (before, after) = match one.answer {
                "granted" => (format!("-- \"{role}\""), "-->"),
                "missing" => (format!("-. \"✗ missing#58; {role}\""), ".-x"),
                "assumed" => (format!("-. \"? assumed#58; {role}\""), ".->"),
                _ => (format!("-. \"… undecided#58; {role}\""), ".-o"),
            };
            if one.answer == "missing" {
                self.missing.push(self.links.to_string());
            }
            writeln!(self.out, "    d{number}t{} {before} {after} d{number}t{}", one.identity, one.scope)?;
            self.links += 1;
        }
        writeln!(self.out, "  end")
    }
}

/// A text in a quoted label: what may mean something to Mermaid, Markdown or HTML is written as its number.
fn label(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_alphanumeric() || matches!(character, ' ' | '-' | '_' | '.' | '/' | ',' | '(' | ')') {
            out.push(character);
        } else {
            out.push_str(&format!("#{};", u32::from(character)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_markup() {
        assert_eq!(label("a\"]<b>#`::x"), "a#34;#93;#60;b#62;#35;#96;#58;#58;x");
        assert_eq!(label("vnet/nodes (1)"), "vnet/nodes (1)");
    }
}
