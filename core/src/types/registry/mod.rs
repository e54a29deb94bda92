mod entries;

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::codecs::Codecs;
use super::{Type, TypeCodec, TypeName, names_types};
use entries::{Entry, forget_holders, forget_outdated, keep, put};

/// What is known of a database's own types: enums, composites, domains, those of extensions.
///
/// A connection fills one while it works, and connections to one database can share what they learned: a registry
/// is a value, cheap to clone, and [`Registry::merge`] brings two together.
///
/// ```
/// use trunkline_core::types::{Description, Kind, Registry, Type};
///
/// let labels = ["sad".into(), "happy".into()];
/// let mood = Type::described(16_400, Description {
///     schema: "public".into(),
///     name: "mood".into(),
///     kind: Kind::Enum(labels.into()),
///     delimiter: b',',
///     binary: true,
/// });
/// let mut registry = Registry::default();
/// registry.learn(vec![mood]);
/// assert_eq!(registry.get(16_400).name(), "mood");
/// assert_eq!(registry.find(Some("public"), "mood").map(Type::oid), Some(16_400));
/// assert_eq!(registry.get(23), Type::INT4);
/// assert!(!registry.get(16_401).is_known());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// By OID, and shared until one side learns more.
    entries: Arc<Vec<Entry>>,
    generation: u64,
    /// What was learned up to this generation was forgotten since.
    forgotten: u64,
    pub(super) codecs: Codecs,
}

impl Registry {
    /// The type of an OID: built in, as it was learned, or of [`Kind::Unknown`](super::Kind::Unknown); with the
    /// codecs that are set.
    ///
    /// ```
    /// use trunkline_core::types::{Registry, Type};
    ///
    /// assert_eq!(Registry::default().get(25), Type::TEXT);
    /// ```
    pub fn get(&self, oid: u32) -> Type {
        let mut type_ = Type::from_oid(oid);
        if !type_.is_known()
            && let Some(entry) = self.position(oid).ok().and_then(|at| self.entries.get(at))
        {
            type_.clone_from(&entry.type_);
        }
        if self.codecs.is_empty() && !names_types(oid) { type_ } else { self.adapt(&type_) }
    }

    /// Sets what a type's values are read and written as: of its arrays and of all that is made of it too. Another
    /// one that was set by the same name is replaced; one that was set with the schema goes before one without.
    ///
    /// The type need not be known yet, and may never be: types are looked at when a statement is described, and a
    /// codec of a name that no type has does nothing. Statements that were described before are described again.
    ///
    /// ```
    /// use trunkline_core::types::{Kind, Registry, Type, TypeCodec};
    ///
    /// let mut registry = Registry::default();
    /// registry.set_codec("pg_catalog.money", TypeCodec::text());
    /// registry.set_codec(("public", "meters"), TypeCodec::like(Type::INT4));
    /// assert!(!registry.get(Type::MONEY.oid()).has_binary_output());
    /// ```
    pub fn set_codec(&mut self, name: impl Into<TypeName>, codec: impl Into<TypeCodec>) {
        self.generation += 1;
        self.codecs.set(name.into(), codec.into());
    }

    /// Takes back what was set by that name; told whether anything was.
    ///
    /// ```
    /// use trunkline_core::types::{Registry, TypeCodec};
    ///
    /// let mut registry = Registry::default();
    /// registry.set_codec("cube", TypeCodec::text());
    /// assert!(registry.remove_codec("cube") && !registry.remove_codec("cube"));
    /// ```
    pub fn remove_codec(&mut self, name: impl Into<TypeName>) -> bool {
        self.generation += 1;
        self.codecs.remove(&name.into())
    }

    /// Whether this one and another treat types the same way.
    pub(crate) fn has_codecs_of(&self, other: &Self) -> bool {
        self.codecs.are(&other.codecs)
    }

    /// Whether columns of some type are asked for in text that are known to be so only when they are described.
    pub(crate) fn asks_for_text(&self) -> bool {
        self.codecs.any_text()
    }

    /// Whether it knows no more than is built in.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.codecs.is_empty()
    }

    /// The same type as it is known here; as it was, when it is not.
    pub(crate) fn current(&self, type_: &Type) -> Type {
        let current = self.get(type_.oid());
        if current.is_known() { current } else { type_.clone() }
    }

    /// The learned type of that name (an array's is its element's with `[]`), in that schema or in any.
    ///
    /// ```
    /// # use trunkline_core::types::{Description, Kind, Registry, Type};
    /// # let (schema, name, kind) = ("public".into(), "mood".into(), Kind::Enum(["happy".into()].into()));
    /// # let mood = Type::described(16_400, Description { schema, name, kind, delimiter: b',', binary: true });
    /// # let mut registry = Registry::default();
    /// # registry.learn(vec![mood]);
    /// assert_eq!(registry.find(None, "mood").map(|mood| mood.oid()), Some(16_400));
    /// assert!(registry.find(Some("app"), "mood").is_none());
    /// ```
    pub fn find(&self, schema: Option<&str>, name: &str) -> Option<&Type> {
        self.types()
            .find(|type_| type_.name() == name && schema.is_none_or(|schema| type_.schema() == schema))
    }

    /// The types that were learned, by OID.
    ///
    /// ```
    /// # use trunkline_core::types::{Description, Kind, Registry, Type};
    /// # let (schema, name, kind) = ("public".into(), "mood".into(), Kind::Enum(["happy".into()].into()));
    /// # let mood = Type::described(16_400, Description { schema, name, kind, delimiter: b',', binary: true });
    /// # let mut registry = Registry::default();
    /// # registry.learn(vec![mood]);
    /// assert!(registry.types().map(|known| known.name()).eq(["mood"]));
    /// ```
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        self.entries.iter().map(|entry| &entry.type_)
    }

    /// A number that grows whenever something is learned or forgotten, and that tells the later of two
    /// descriptions of one type when registries are merged.
    ///
    /// ```
    /// # use trunkline_core::types::{Description, Kind, Registry, Type};
    /// # let (schema, name, kind) = ("public".into(), "mood".into(), Kind::Enum(["happy".into()].into()));
    /// # let mood = Type::described(16_400, Description { schema, name, kind, delimiter: b',', binary: true });
    /// # let mut registry = Registry::default();
    /// # registry.learn(vec![mood]);
    /// let before = registry.generation();
    /// registry.forget(16_400);
    /// assert!(registry.generation() > before);
    /// ```
    pub const fn generation(&self) -> u64 {
        self.generation
    }

    /// Adds what a catalog tells of types, or replaces what it told before.
    ///
    /// ```
    /// # use trunkline_core::types::{Description, Kind, Registry, Type};
    /// # let (schema, name, kind) = ("public".into(), "mood".into(), Kind::Enum(["happy".into()].into()));
    /// # let mood = Type::described(16_400, Description { schema, name, kind, delimiter: b',', binary: true });
    /// # let mut registry = Registry::default();
    /// # registry.learn(vec![mood]);
    /// assert_eq!(registry.get(16_400).schema(), "public"); // it was learned
    /// ```
    pub fn learn(&mut self, types: Vec<Type>) {
        if types.iter().all(|type_| type_.description().is_none()) {
            return;
        }
        self.generation += 1;
        let learned = self.generation;
        let entries = Arc::make_mut(&mut self.entries);
        for type_ in types {
            if type_.description().is_some() {
                put(entries, Entry { type_: type_.plain().clone(), learned });
            }
        }
        forget_outdated(entries);
    }

    /// Adds what another one knows. Of two descriptions of one type the later counts, and what either has
    /// forgotten does not come back from the other. The other's codecs are not taken over.
    ///
    /// ```
    /// use trunkline_core::types::Registry;
    ///
    /// # use trunkline_core::types::{Description, Kind, Type};
    /// # let (schema, name, kind) = ("public".into(), "mood".into(), Kind::Enum(["happy".into()].into()));
    /// # let mood = Type::described(16_400, Description { schema, name, kind, delimiter: b',', binary: true });
    /// # let mut registry = Registry::default();
    /// # registry.learn(vec![mood]);
    /// let mut other = Registry::default();
    /// other.merge(&registry);
    /// assert!(other.get(16_400).is_known());
    /// ```
    pub fn merge(&mut self, other: &Self) {
        if self.generation == 0 {
            *self = Self { codecs: core::mem::take(&mut self.codecs), ..other.clone() };
            return;
        }
        let forgotten = self.forgotten.max(other.forgotten);
        let news: Vec<&Entry> =
            other.entries.iter().filter(|theirs| self.is_new(theirs, forgotten)).collect();
        self.generation = self.generation.max(other.generation);
        if news.is_empty() && forgotten == self.forgotten {
            return;
        }
        self.generation += 1;
        self.forgotten = forgotten;
        let entries = Arc::make_mut(&mut self.entries);
        keep(entries, &mut |entry| entry.learned > forgotten);
        news.into_iter().for_each(|theirs| put(entries, theirs.clone()));
        forget_outdated(entries);
    }

    /// Forgets a type, and those that are made of it.
    ///
    /// ```
    /// # use trunkline_core::types::{Description, Kind, Registry, Type};
    /// # let (schema, name, kind) = ("public".into(), "mood".into(), Kind::Enum(["happy".into()].into()));
    /// # let mood = Type::described(16_400, Description { schema, name, kind, delimiter: b',', binary: true });
    /// # let mut registry = Registry::default();
    /// # registry.learn(vec![mood]);
    /// registry.forget(16_400);
    /// assert!(!registry.get(16_400).is_known());
    /// ```
    pub fn forget(&mut self, oid: u32) {
        if let Ok(at) = self.position(oid) {
            self.generation += 1;
            let entries = Arc::make_mut(&mut self.entries);
            entries.remove(at);
            forget_holders(entries, Vec::from([oid]));
        }
    }

    /// Forgets all types; those with which this one is merged later, too.
    ///
    /// ```
    /// # use trunkline_core::types::{Description, Kind, Registry, Type};
    /// # let (schema, name, kind) = ("public".into(), "mood".into(), Kind::Enum(["happy".into()].into()));
    /// # let mood = Type::described(16_400, Description { schema, name, kind, delimiter: b',', binary: true });
    /// # let mut registry = Registry::default();
    /// # registry.learn(vec![mood]);
    /// registry.forget_all();
    /// assert_eq!(registry.types().count(), 0);
    /// ```
    pub fn forget_all(&mut self) {
        self.generation += 1;
        self.forgotten = self.generation;
        self.entries = Arc::default();
    }

    /// The generation at which all was forgotten last.
    pub(crate) const fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Whether an entry of another registry is one to take over.
    fn is_new(&self, theirs: &Entry, forgotten: u64) -> bool {
        let ours = self.position(theirs.oid()).ok().and_then(|at| self.entries.get(at));
        theirs.learned > forgotten && ours.is_none_or(|ours| ours.learned < theirs.learned)
    }

    fn position(&self, oid: u32) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&oid, Entry::oid)
    }
}

#[cfg(test)]
mod tests {
    use std::vec;

    use super::*;
    use crate::types::{Description, Field, Kind};

    fn described(oid: u32, name: &str, kind: Kind) -> Type {
        let (schema, name) = ("public".into(), name.into());
        Type::described(oid, Description { schema, name, kind, delimiter: b',', binary: true })
    }

    fn mood(labels: &[&str]) -> Type {
        described(70_000, "mood", Kind::Enum(labels.iter().map(|label| (*label).into()).collect()))
    }

    /// `mood[]` and a composite of that.
    fn holders(mood: &Type) -> Vec<Type> {
        let moods = described(70_001, "mood[]", Kind::Array(mood.clone()));
        let field = Field { name: "moods".into(), type_: moods.clone() };
        vec![moods, described(70_002, "pair", Kind::Composite([field].into()))]
    }

    fn knows(registry: &Registry) -> Vec<u32> {
        registry.types().map(Type::oid).collect()
    }

    fn of(types: Vec<Type>) -> Registry {
        let mut registry = Registry::default();
        registry.learn(types);
        registry
    }

    #[test]
    fn what_is_learned_is_found_and_what_is_built_in_stays() {
        let registry = of(vec![mood(&["sad"]), described(23, "mine", Kind::Base), Type::from_oid(80_000)]);
        assert_eq!(registry.get(70_000).name(), "mood");
        assert_eq!(registry.get(23).name(), "int4");
        assert!(!registry.get(80_000).is_known());
        assert_eq!(registry.find(None, "mood").map(Type::oid), Some(70_000));
        assert!(registry.find(Some("other"), "mood").is_none() && registry.find(None, "moody").is_none());
    }

    #[test]
    fn a_clone_keeps_what_it_knew() {
        let mut registry = of(vec![mood(&["sad"])]);
        let before = registry.clone();
        registry.learn(holders(&mood(&["sad"])));
        assert_eq!((knows(&before).len(), knows(&registry).len()), (1, 3));
        assert!(registry.generation() > before.generation());
        registry.learn(vec![Type::INT4]);
        assert_eq!(registry.generation(), 2, "nothing new");
    }

    #[test]
    fn what_is_made_of_a_type_that_changed_is_forgotten() {
        let mut registry = of(vec![mood(&["sad"])]);
        registry.learn(holders(&mood(&["sad"])));
        registry.learn(vec![mood(&["sad"])]);
        assert_eq!(knows(&registry), [70_000, 70_001, 70_002], "it says the same");
        registry.learn(vec![mood(&["sad", "happy"])]);
        assert_eq!(knows(&registry), [70_000]);
        registry.learn(holders(&mood(&["sad", "happy"])));
        registry.forget(70_001);
        assert_eq!(knows(&registry), [70_000]);
    }

    #[test]
    fn the_later_description_counts_in_whatever_order_they_are_merged() {
        let first = of(vec![mood(&["sad"])]);
        let mut second = first.clone();
        second.learn(vec![mood(&["sad", "happy"])]);
        let mut stale = first.clone();
        stale.learn(holders(&mood(&["sad"])));
        for (one, two) in [(&stale, &second), (&second, &stale)] {
            let mut merged = one.clone();
            merged.merge(two);
            assert!(merged.generation() > one.generation().max(two.generation()));
            assert_eq!(merged.get(70_000).kind(), mood(&["sad", "happy"]).kind());
            assert_eq!(knows(&merged), [70_000], "nothing is made of what it was");
        }
        let mut merged = first;
        merged.merge(&second);
        assert_eq!(merged.get(70_000).kind(), mood(&["sad", "happy"]).kind());
    }

    #[test]
    fn to_merge_what_is_there_already_changes_nothing() {
        let (mut one, mut two) = (of(vec![mood(&["sad"])]), of(vec![described(70_009, "x", Kind::Base)]));
        one.merge(&two);
        two.merge(&one);
        let generations = (one.generation(), two.generation());
        one.merge(&two);
        two.merge(&one);
        one.merge(&two);
        assert_eq!(one.generation(), two.generation());
        assert!(one.generation() <= generations.0.max(generations.1));
        assert_eq!(knows(&one), knows(&two));
    }

    #[test]
    fn what_was_forgotten_does_not_come_back() {
        let old = of(vec![mood(&["sad"])]);
        let mut shared = Registry::default();
        shared.merge(&old);
        assert_eq!(knows(&shared), [70_000]);
        shared.forget_all();
        shared.merge(&old);
        assert!(knows(&shared).is_empty());
        let mut fresh = shared.clone();
        fresh.learn(vec![mood(&["happy"])]);
        shared.merge(&fresh);
        let mut late = old;
        late.merge(&shared);
        assert_eq!(late.get(70_000).kind(), mood(&["happy"]).kind());
        assert_eq!(late.forgotten(), shared.forgotten());
    }

    #[test]
    fn it_goes_to_other_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Registry>();
    }
}
