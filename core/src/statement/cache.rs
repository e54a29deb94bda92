use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use hashbrown::{Equivalent, HashMap};

use super::hasher::BuildHasher;
use super::{Statement, StatementName};
use crate::types::Type;

/// The statements a connection knows, least recently used last out.
///
/// A statement is described on its first use and given a name on its second, so SQL that is used once pushes
/// no hot statement out of the server's memory. What is pushed out is closed with the next flight.
#[derive(Debug)]
pub(crate) struct Cache {
    entries: HashMap<OwnedKey, Entry, BuildHasher>,
    max_count: usize,
    max_bytes: usize,
    bytes: usize,
    clock: u64,
    to_close: Vec<StatementName>,
}

/// What a statement is found by: its SQL and the types that were given for its parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key<'a> {
    pub(crate) sql: &'a str,
    pub(crate) types: &'a [Type],
}

/// What a flight does about a statement's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Naming {
    /// It has none: it is parsed as the unnamed statement.
    Unnamed,
    /// It gets this one in this flight.
    Assign(StatementName),
    /// The server knows it by this one.
    Named(StatementName),
}

#[derive(Debug)]
struct Entry {
    statement: Statement,
    name: Option<StatementName>,
    last_used: u64,
}

#[derive(Debug, PartialEq, Eq)]
struct OwnedKey {
    sql: Box<str>,
    types: Box<[u32]>,
}

impl Cache {
    /// A cache of at most `max_count` statements whose SQL is `max_bytes` bytes together; 0 of either keeps none.
    pub(crate) fn new(max_count: usize, max_bytes: usize) -> Self {
        Self { entries: HashMap::default(), max_count, max_bytes, bytes: 0, clock: 0, to_close: Vec::new() }
    }

    /// The statement, if it was described, and how this use of it is to name it.
    ///
    /// The caller tells by [`Cache::assigned`] when it has written the Parse that gives the name.
    pub(crate) fn find(&mut self, key: Key<'_>) -> Option<(&Statement, Naming)> {
        self.clock += 1;
        let entry = self.entries.get_mut(&key)?;
        entry.last_used = self.clock;
        let naming = match &entry.name {
            Some(name) => Naming::Named(name.clone()),
            None => Naming::Assign(StatementName::of(key.sql, key.types)),
        };
        Some((&entry.statement, naming))
    }

    /// The statement, when it was described; it counts as no use of it.
    pub(crate) fn get(&self, key: Key<'_>) -> Option<&Statement> {
        self.entries.get(&key).map(|entry| &entry.statement)
    }

    /// Remembers what the server said of a statement.
    pub(crate) fn described(&mut self, statement: Statement) {
        let key = Key { sql: statement.sql(), types: statement.given_types() };
        let weight = key.sql.len();
        if self.max_count == 0 || weight > self.max_bytes {
            return;
        }
        self.clock += 1;
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.statement = statement;
            entry.last_used = self.clock;
            return;
        }
        while self.entries.len() >= self.max_count || self.bytes + weight > self.max_bytes {
            if !self.evict() {
                break;
            }
        }
        self.bytes += weight;
        let owned = OwnedKey { sql: key.sql.into(), types: key.types.iter().map(Type::oid).collect() };
        self.entries.insert(owned, Entry { statement, name: None, last_used: self.clock });
    }

    /// A Parse with this name was written.
    pub(crate) fn assigned(&mut self, key: Key<'_>, name: StatementName) {
        // Given again before its Close was sent: the server still has it, and keeps it.
        self.to_close.retain(|closing| *closing != name);
        match self.entries.get_mut(&key) {
            Some(entry) => entry.name = Some(name),
            // Pushed out in between: nobody will bind to it again.
            None => self.to_close.push(name),
        }
    }

    /// The server does not know the name after all: its Parse failed, or somebody deallocated it.
    pub(crate) fn unassigned(&mut self, key: Key<'_>) {
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.name = None;
        }
    }

    /// Forgets a statement whose description is no longer true, and closes its name.
    pub(crate) fn remove(&mut self, key: Key<'_>) {
        if let Some(entry) = self.entries.remove(&key) {
            self.bytes = self.bytes.saturating_sub(key.sql.len());
            self.to_close.extend(entry.name);
        }
    }

    /// Forgets every description, and closes all names.
    pub(crate) fn clear(&mut self) {
        self.to_close.extend(self.entries.drain().filter_map(|(_, entry)| entry.name));
        self.bytes = 0;
    }

    /// The names that the next flight closes.
    pub(crate) fn closing(&self) -> &[StatementName] {
        &self.to_close
    }

    /// It has left.
    pub(crate) fn closed(&mut self) {
        self.to_close.clear();
    }

    /// Pushes out the least recently used. A scan, since it happens only when new SQL comes to a full cache.
    ///
    /// Of those that were used once it keeps a quarter at least, so that new SQL can come to its second use; where there
    /// are more, they push each other out and nothing that has a name.
    fn evict(&mut self) -> bool {
        let used_once = self.entries.values().filter(|entry| entry.name.is_none()).count();
        let spares_named = used_once.saturating_mul(4) >= self.max_count;
        let oldest = self
            .entries
            .iter()
            .min_by_key(|(_, entry)| (spares_named && entry.name.is_some(), entry.last_used))
            .map(|(key, _)| key.hash_key());
        let Some(oldest) = oldest else { return false };
        if let Some((key, entry)) = self.entries.remove_entry(&oldest) {
            self.bytes = self.bytes.saturating_sub(key.sql.len());
            self.to_close.extend(entry.name);
        }
        true
    }
}

impl OwnedKey {
    fn hash_key(&self) -> Self {
        Self { sql: self.sql.clone(), types: self.types.clone() }
    }
}

impl Hash for OwnedKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.sql.hash(state);
        self.types.iter().for_each(|oid| oid.hash(state));
    }
}

impl Hash for Key<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.sql.hash(state);
        self.types.iter().for_each(|type_| type_.oid().hash(state));
    }
}

impl Equivalent<OwnedKey> for Key<'_> {
    fn equivalent(&self, key: &OwnedKey) -> bool {
        *self.sql == *key.sql && self.types.iter().map(Type::oid).eq(key.types.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(sql: &str) -> Key<'_> {
        Key { sql, types: &[] }
    }

    fn described(cache: &mut Cache, sql: &str) {
        cache.described(Statement::new(sql, &[], Vec::new(), None));
    }

    #[test]
    fn a_name_comes_with_the_second_use_and_stays() {
        let mut cache = Cache::new(10, 1000);
        assert!(cache.find(key("a")).is_none());
        described(&mut cache, "a");
        let name = StatementName::of("a", &[]);
        assert_eq!(cache.find(key("a")).unwrap().1, Naming::Assign(name.clone()));
        cache.assigned(key("a"), name.clone());
        assert_eq!(cache.find(key("a")).unwrap().1, Naming::Named(name));
    }

    #[test]
    fn the_least_recently_used_is_closed() {
        let mut cache = Cache::new(2, 1000);
        for sql in ["a", "b"] {
            described(&mut cache, sql);
            cache.assigned(key(sql), StatementName::of(sql, &[]));
        }
        cache.find(key("a"));
        described(&mut cache, "c");
        assert!(cache.get(key("a")).is_some() && cache.get(key("b")).is_none());
        assert_eq!(cache.closing(), [StatementName::of("b", &[])]);
    }

    #[test]
    fn bytes_are_bounded_and_giants_are_not_kept() {
        let mut cache = Cache::new(10, 10);
        described(&mut cache, "12345678901");
        assert!(cache.get(key("12345678901")).is_none());
        described(&mut cache, "123456");
        described(&mut cache, "1234567");
        assert!(cache.get(key("123456")).is_none() && cache.get(key("1234567")).is_some());
    }

    #[test]
    fn a_cleared_cache_closes_its_names() {
        let mut cache = Cache::new(10, 1000);
        described(&mut cache, "a");
        described(&mut cache, "b");
        cache.assigned(key("a"), StatementName::of("a", &[]));
        cache.clear();
        assert!(cache.get(key("a")).is_none() && cache.get(key("b")).is_none());
        assert_eq!(cache.closing(), [StatementName::of("a", &[])]);
    }

    #[test]
    fn a_name_given_again_is_not_closed() {
        let mut cache = Cache::new(1, 1000);
        described(&mut cache, "a");
        cache.assigned(key("a"), StatementName::of("a", &[]));
        described(&mut cache, "b");
        described(&mut cache, "a");
        cache.assigned(key("a"), StatementName::of("a", &[]));
        assert_eq!(cache.closing(), []);
    }
}
