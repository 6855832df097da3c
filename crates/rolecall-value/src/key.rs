//! Names that differ in more than case.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A property name, symbolic name or parameter name: compared without regard to ASCII case, shown as written.
#[derive(Clone)]
pub struct Key(Arc<str>);

impl Key {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as written, shared.
    pub fn shared(&self) -> Arc<str> {
        self.0.clone()
    }
}

impl<T: Into<Arc<str>>> From<T> for Key {
    fn from(name: T) -> Self {
        Key(name.into())
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        state.write_u8(0xff);
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
