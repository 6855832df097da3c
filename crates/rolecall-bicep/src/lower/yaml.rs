//! YAML that is loaded into a template, by the core schema of YAML 1.2.
//!
//! What the compiler's own reader may take otherwise (merge keys, tags of one's own, a name given twice) is refused: the
//! value stays unknown.

use rolecall_source::{SourceFile, Span};
use rolecall_template::ir::{Element, Expr, ExprKind};
use rustc_hash::FxHashMap;
use yaml_rust2::parser::{Event, Parser, Tag};
use yaml_rust2::scanner::{Marker, TScalarStyle};

use super::compiled::copy;

/// How deep collections may nest.
const MAX_DEPTH: usize = 100;

/// How many values a file may have, those that aliases repeat included.
const MAX_VALUES: usize = 500_000;

/// The first document of a file, or why there is none, as the end of a sentence that names the file.
pub(super) fn parse(file: &SourceFile) -> Result<Expr, String> {
    let mut builder = Builder::new(file);
    let mut parser = Parser::new_from_str(&file.text);
    loop {
        // One event at a time: the library's own loader recurses as deep as the text nests.
        let (event, marker) = parser.next_token().map_err(|error| format!("it is no YAML: {error}"))?;
        match event {
            Event::DocumentEnd | Event::StreamEnd => break,
            event => builder.event(event, marker)?,
        }
    }
    match builder.root {
        Some(Expr { kind: ExprKind::Null, .. }) | None => Err("it holds no value".to_owned()),
        Some(value) => Ok(value),
    }
}

struct Builder<'f> {
    file: &'f SourceFile,
    /// The offset of each character, where not every one is a byte.
    offsets: Vec<usize>,
    open: Vec<Open>,
    anchors: FxHashMap<usize, (Expr, usize)>,
    values: usize,
    root: Option<Expr>,
}

/// A collection that is not at its end.
struct Open {
    elements: Vec<Element>,
    /// The key of the next value of a mapping.
    key: Option<Expr>,
    mapping: bool,
    anchor: usize,
    start: usize,
    /// How many values there were before it.
    before: usize,
}

impl<'f> Builder<'f> {
    fn new(file: &'f SourceFile) -> Self {
        let offsets = match file.text.is_ascii() {
            true => Vec::new(),
            false => file.text.char_indices().map(|(offset, _)| offset).collect(),
        };
        Builder { file, offsets, open: Vec::new(), anchors: FxHashMap::default(), values: 0, root: None }
    }

    fn offset(&self, marker: Marker) -> usize {
        let length = self.file.text.len();
        match self.offsets.is_empty() {
            true => marker.index().min(length),
            false => self.offsets.get(marker.index()).copied().unwrap_or(length),
        }
    }

    fn event(&mut self, event: Event, marker: Marker) -> Result<(), String> {
        let start = self.offset(marker);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = Expr { span: self.scalar_span(start, &text), kind: scalar(&text, style, tag)? };
                self.values += 1;
                self.add(value, anchor, 1)
            }
            Event::Alias(anchor) => {
                let (value, values) = self.anchors.get(&anchor).ok_or("an alias names no value before it")?;
                let (value, values) = (copy(value), *values);
                self.values += values;
                self.add(value, 0, values)
            }
            Event::SequenceStart(anchor, tag) => self.start(false, anchor, tag, start),
            Event::MappingStart(anchor, tag) => self.start(true, anchor, tag, start),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(Open { elements, mapping, anchor, start: from, before, .. }) = self.open.pop() else {
                    return Ok(());
                };
                let kind = if mapping { ExprKind::Object(elements) } else { ExprKind::Array(elements) };
                let span = Span::new(self.file.id, from, start.max(from));
                self.add(Expr { kind, span }, anchor, self.values - before)
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, mapping: bool, anchor: usize, tag: Option<Tag>, start: usize) -> Result<(), String> {
        if self.open.len() >= MAX_DEPTH {
            return Err("it is nested too deeply".to_owned());
        }
        if tag.is_some_and(|tag| !matches!(&*tag.suffix, "map" | "seq")) {
            return Err("it has tags, which are not read".to_owned());
        }
        let before = self.values;
        self.values += 1;
        self.open.push(Open { elements: Vec::new(), key: None, mapping, anchor, start, before });
        Ok(())
    }

    /// Adds a value that is `values` values with all in it.
    fn add(&mut self, value: Expr, anchor: usize, values: usize) -> Result<(), String> {
        if anchor > 0 {
            self.anchors.insert(anchor, (copy(&value), values));
            self.values += values;
        }
        if self.values > MAX_VALUES {
            return Err(format!("it has more than the {MAX_VALUES} values that are read, those of aliases included"));
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(value);
            return Ok(());
        };
        if !open.mapping {
            open.elements.push(Element::Item(value));
            return Ok(());
        }
        match open.key.take() {
            Some(key) => open.elements.push(Element::Property(key, value)),
            None => {
                let text = self.file.text.get(value.span.range()).unwrap_or_default();
                let name = match value.kind {
                    ExprKind::Str(name) => name,
                    ExprKind::Bool(_) | ExprKind::Int(_) => text.into(),
                    _ => return Err("a name in it is no text".to_owned()),
                };
                if &*name == "<<" {
                    return Err("it has merge keys, which are not read".to_owned());
                }
                open.key = Some(Expr { kind: ExprKind::Str(name), span: value.span });
            }
        }
        Ok(())
    }

    /// Where a scalar stands: its own text where it is written as it is, else the rest of the line.
    fn scalar_span(&self, start: usize, text: &str) -> Span {
        let rest = self.file.text.get(start..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default().trim_end();
        let quoted = line.strip_prefix(['\'', '"']).is_some_and(|inner| inner.starts_with(text));
        let length = match (line.starts_with(text), quoted) {
            (true, _) => text.len(),
            (_, true) => (text.len() + 2).min(line.len()),
            _ => line.len(),
        };
        Span::new(self.file.id, start, start + length)
    }
}

fn scalar(text: &str, style: TScalarStyle, tag: Option<Tag>) -> Result<ExprKind, String> {
    match tag.as_ref().map(|tag| &*tag.suffix) {
        None if style == TScalarStyle::Plain => Ok(plain(text)),
        None | Some("str") => Ok(ExprKind::Str(text.into())),
        Some("null" | "bool" | "int" | "float") => Ok(plain(text)),
        Some(_) => Err("it has tags, which are not read".to_owned()),
    }
}

/// A scalar without quotes.
fn plain(text: &str) -> ExprKind {
    let digits = |text: &str, radix| i64::from_str_radix(text, radix).ok();
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+'));
    let number = match (text.strip_prefix("0x"), text.strip_prefix("0o")) {
        (Some(hexadecimal), _) => digits(hexadecimal, 16).map(ExprKind::Int),
        (_, Some(octal)) => digits(octal, 8).map(ExprKind::Int),
        _ if !is_number => None,
        _ => digits(text, 10).map(ExprKind::Int).or_else(|| text.parse().ok().map(ExprKind::Float)),
    };
    match text {
        "" | "~" | "null" | "Null" | "NULL" => ExprKind::Null,
        "true" | "True" | "TRUE" => ExprKind::Bool(true),
        "false" | "False" | "FALSE" => ExprKind::Bool(false),
        _ => number.unwrap_or_else(|| ExprKind::Str(text.into())),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use rolecall_source::FileId;

    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile::new(FileId(0), PathBuf::from("d.yaml"), text.as_bytes().to_vec()).expect("text")
    }

    fn show(expr: &Expr) -> String {
        let list = |items: &[Element]| items.iter().map(element).collect::<Vec<_>>().join(", ");
        match &expr.kind {
            ExprKind::Null => "null".to_owned(),
            ExprKind::Bool(value) => value.to_string(),
            ExprKind::Int(value) => value.to_string(),
            ExprKind::Float(value) => format!("{value:?}"),
            ExprKind::Str(text) => format!("{text:?}"),
            ExprKind::Array(items) => format!("[{}]", list(items)),
            ExprKind::Object(items) => format!("{{{}}}", list(items)),
            other => panic!("{other:?}"),
        }
    }

    fn element(element: &Element) -> String {
        match element {
            Element::Property(name, value) => format!("{}: {}", show(name), show(value)),
            Element::Item(value) | Element::Spread(value) => show(value),
        }
    }

    fn read(text: &str) -> Result<String, String> {
        parse(&file(text)).map(|value| show(&value))
    }

    #[test]
    fn scalars_are_what_the_core_schema_says() {
        let text =
            "- 1\n- -0x10\n- 0x1f\n- 1.5\n- 1e3\n- true\n- yes\n- ~\n-\n- '1'\n- 2024-01-01\n- !!str 5\n- 1.2.3\n";
        let all = r#"[1, "-0x10", 31, 1.5, 1000.0, true, "yes", null, null, "1", "2024-01-01", "5", "1.2.3"]"#;
        assert_eq!(read(text).as_deref(), Ok(all));
    }

    #[test]
    fn collections_nest_and_aliases_repeat() {
        let text = "a: &x\n  b: [1, {c: 2}]\n1: *x\n---\nsecond: document\n";
        let all = r#"{"a": {"b": [1, {"c": 2}]}, "1": {"b": [1, {"c": 2}]}}"#;
        assert_eq!(read(text).as_deref(), Ok(all));
    }

    #[test]
    fn each_value_knows_its_place() {
        let text = "ä: 'one'\nb: two # comment\n";
        let file = file(text);
        let Ok(Expr { kind: ExprKind::Object(elements), .. }) = parse(&file) else { panic!("an object") };
        let places = elements.iter().map(|element| match element {
            Element::Property(name, value) => (&text[name.span.range()], &text[value.span.range()]),
            _ => panic!("a property"),
        });
        assert_eq!(places.collect::<Vec<_>>(), [("ä", "'one'"), ("b", "two")]);
    }

    #[test]
    fn what_may_be_read_otherwise_is_refused() {
        for text in ["", "a: {<<: {b: 1}}", "a: !mine 1", "? [a]\n: 1", "a: [", "*a"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn aliases_of_aliases_and_deep_nesting_end() {
        let mut bomb = String::from("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
        for level in 1..20 {
            let inner = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb += &format!("a{level}: &a{level} [{inner}]\n");
        }
        assert!(read(&bomb).is_err_and(|why| why.contains("values that are read")));
        assert!(read(&"- ".repeat(100_000)).is_err());
    }
}
