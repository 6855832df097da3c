//! TOML read key by key, with all that is wrong in it and where.
//!
//! Which keys there are is not known here.

use std::ops::Range;

use rolecall_source::{Diagnostic, FileId, Span, Spanned};
use toml::de::{DeTable, DeValue};

type Value<'a> = toml::Spanned<DeValue<'a>>;

/// What is wrong with a file so far.
pub(super) struct Reader {
    file: FileId,
    problems: Vec<Diagnostic>,
}

/// A table and where it stands.
pub(super) struct Table<'a> {
    table: &'a DeTable<'a>,
    span: Span,
}

impl Reader {
    pub fn new(file: FileId) -> Self {
        Reader { file, problems: Vec::new() }
    }

    /// Hands the tables of a text to `then`: those that could be read, where something is wrong with others.
    pub fn document(&mut self, text: &str, then: impl FnOnce(&mut Self, &Table<'_>)) {
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = self.span(error.span().unwrap_or_default());
            self.say(span, format!("this is not valid TOML: {}", error.message()));
        }
        let table = Table { span: self.span(table.span()), table: table.get_ref() };
        then(self, &table);
    }

    /// What is wrong, by place.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        self.problems
    }

    pub fn say(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Diagnostic::error(span, message));
    }

    /// Says that a name is not known, with the one that it is nearest to.
    pub fn unknown<'k>(&mut self, span: Span, message: &str, name: &str, known: impl IntoIterator<Item = &'k str>) {
        let near = |one: &str| strsim::jaro_winkler(&name.to_lowercase(), one);
        let nearest = known.into_iter().map(|one| (near(one), one)).max_by(|(a, _), (b, _)| a.total_cmp(b));
        let meant = match nearest {
            Some((near, one)) if near > 0.8 => format!("; did you mean `{one}`?"),
            _ => String::new(),
        };
        self.say(span, format!("{message}{meant}"));
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    /// The value as a string; `otherwise` says what it has to be.
    pub fn string(&mut self, value: &Value<'_>, otherwise: &str) -> Option<Spanned<String>> {
        let span = self.span(value.span());
        match value.get_ref().as_str() {
            Some(text) => Some(Spanned::new(text.to_owned(), span)),
            None => {
                self.say(span, format!("{otherwise}, not {}", kind(value)));
                None
            }
        }
    }

    /// The value as a table, where it is one.
    pub fn as_table<'a>(&self, value: &'a Value<'a>) -> Option<Table<'a>> {
        let table = value.get_ref().as_table()?;
        Some(Table { table, span: self.span(value.span()) })
    }
}

impl<'a> Table<'a> {
    pub fn span(&self) -> Span {
        self.span
    }

    fn get(&self, key: &str) -> Option<&'a Value<'a>> {
        self.table.get(key)
    }

    /// The keys with their places and values.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, Span, &'a Value<'a>)> {
        let file = self.span.file;
        self.table
            .iter()
            .map(move |(key, value)| (&**key.get_ref(), Span::new(file, key.span().start, key.span().end), value))
    }

    /// Says which keys are none of these.
    pub fn only(&self, reader: &mut Reader, known: &[&str]) {
        for (key, span, _) in self.entries() {
            if !known.contains(&key) {
                let message = format!("there is no key `{key}` here, only {}", listed(known));
                reader.unknown(span, &message, key, known.iter().copied());
            }
        }
    }

    /// A string, where the key is there.
    pub fn string(&self, reader: &mut Reader, key: &str) -> Option<Spanned<String>> {
        reader.string(self.get(key)?, &format!("`{key}` must be a string"))
    }

    /// A string that must be there and hold something; `otherwise` says so.
    pub fn required(&self, reader: &mut Reader, key: &str, otherwise: &str) -> Option<Spanned<String>> {
        match self.get(key) {
            None => {
                reader.say(self.span, otherwise);
                None
            }
            Some(_) => {
                let text = self.string(reader, key)?;
                if text.value.trim().is_empty() {
                    reader.say(text.span, otherwise);
                    return None;
                }
                Some(text)
            }
        }
    }

    /// An array of strings; empty where the key is not there.
    pub fn strings(&self, reader: &mut Reader, key: &str) -> Vec<Spanned<String>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            reader.say(reader.span(value.span()), format!("`{key}` must be an array of strings, not {}", kind(value)));
            return Vec::new();
        };
        array.iter().filter_map(|item| reader.string(item, &format!("`{key}` must hold strings"))).collect()
    }

    /// A table, where the key is there.
    pub fn table(&self, reader: &mut Reader, key: &str) -> Option<Table<'a>> {
        let value = self.get(key)?;
        let table = reader.as_table(value);
        if table.is_none() {
            reader.say(reader.span(value.span()), format!("`{key}` must be a table, not {}", kind(value)));
        }
        table
    }

    /// An array of tables, `[[key]]`; empty where the key is not there.
    pub fn tables(&self, reader: &mut Reader, key: &str) -> Vec<Table<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let message = || format!("`{key}` must be an array of tables: begin each with [[{key}]]");
        let Some(array) = value.get_ref().as_array() else {
            reader.say(reader.span(value.span()), message());
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in array.iter() {
            match reader.as_table(item) {
                Some(table) => out.push(table),
                None => reader.say(reader.span(item.span()), message()),
            }
        }
        out
    }
}

fn kind(value: &Value<'_>) -> String {
    let name = value.get_ref().type_str();
    let article = if name.starts_with(['a', 'i']) { "an" } else { "a" };
    format!("{article} {name}")
}

fn listed(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match &names[..] {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        _ => names.join(""),
    }
}
