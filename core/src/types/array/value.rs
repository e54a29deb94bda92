use alloc::boxed::Box;
use alloc::vec::{self, Vec};
use core::slice;

use super::dimension::{self, Dimension, DimensionError};

/// An array with everything that PostgreSQL's have: up to six dimensions, and subscripts that start anywhere.
///
/// Most are of one dimension that starts at 1, and a `Vec` or slice holds those too. NULLs are the `None`s of an
/// `Array<Option<T>>`.
///
/// ```
/// use trunkline_core::types::Array;
/// use trunkline_core::types::array::Dimension;
///
/// let board = Array::with_dimensions(&[Dimension::new(2), Dimension::new(2)], vec!["a", "b", "c", "d"])?;
/// assert_eq!(board.get(&[2, 1]), Some(&"c"));
/// assert_eq!(Array::new(vec!["a"]).dimensions(), [Dimension::new(1)]);
/// # Ok::<(), trunkline_core::types::array::DimensionError>(())
/// ```
///
/// See ["Arrays"].
///
/// ["Arrays"]: https://www.postgresql.org/docs/18/arrays.html
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Array<T> {
    dimensions: Box<[Dimension]>,
    elements: Vec<T>,
}

impl<T> Array<T> {
    /// An array of one dimension that starts at 1; of none when there are no elements.
    ///
    /// ```
    /// use trunkline_core::types::Array;
    ///
    /// assert_eq!(Array::new(vec![1, 2]).dimensions().len(), 1);
    /// assert_eq!(Array::<i32>::new(vec![]).dimensions().len(), 0);
    /// ```
    pub fn new(elements: Vec<T>) -> Self {
        let dimensions =
            if elements.is_empty() { Box::default() } else { [Dimension::new(elements.len())].into() };
        Self { dimensions, elements }
    }

    /// An array of several dimensions, the outermost first, or of one that starts elsewhere. The last subscript of
    /// the elements varies fastest. When there are none, neither are there dimensions.
    ///
    /// ```
    /// use trunkline_core::types::Array;
    /// use trunkline_core::types::array::Dimension;
    ///
    /// let matrix = Array::with_dimensions(&[Dimension::new(2), Dimension::new(3)], (1..=6).collect())?;
    /// assert_eq!(matrix.get(&[2, 1]), Some(&4));
    /// # Ok::<(), trunkline_core::types::array::DimensionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When PostgreSQL has no such arrays, or when there are more elements or fewer than the dimensions hold.
    pub fn with_dimensions(dimensions: &[Dimension], elements: Vec<T>) -> Result<Self, DimensionError> {
        Ok(Self { dimensions: dimension::check(dimensions, elements.len())?, elements })
    }

    /// Its dimensions, the outermost first; none when it is empty.
    ///
    /// ```
    /// use trunkline_core::types::Array;
    ///
    /// assert_eq!(Array::new(vec!["a", "b"]).dimensions()[0].length, 2);
    /// ```
    pub const fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// Its elements, the last subscript varying fastest.
    ///
    /// ```
    /// assert_eq!(trunkline_core::types::Array::new(vec![1, 2]).elements(), [1, 2]);
    /// ```
    pub fn elements(&self) -> &[T] {
        &self.elements
    }

    /// The same, to be changed.
    ///
    /// ```
    /// let mut scores = trunkline_core::types::Array::new(vec![3, 1, 2]);
    /// scores.elements_mut().sort();
    /// assert_eq!(scores.elements(), [1, 2, 3]);
    /// ```
    pub fn elements_mut(&mut self) -> &mut [T] {
        &mut self.elements
    }

    /// The same, without the dimensions.
    ///
    /// ```
    /// let tags: Vec<&str> = trunkline_core::types::Array::new(vec!["new", "sale"]).into_elements();
    /// assert_eq!(tags, ["new", "sale"]);
    /// ```
    pub fn into_elements(self) -> Vec<T> {
        self.elements
    }

    /// The element with these subscripts, one for each dimension; `None` when there is none.
    ///
    /// ```
    /// use trunkline_core::types::Array;
    ///
    /// // Subscripts start at 1, as in SQL.
    /// let tags = Array::new(vec!["new", "sale"]);
    /// assert_eq!((tags.get(&[1]), tags.get(&[0])), (Some(&"new"), None));
    /// ```
    pub fn get(&self, subscripts: &[i32]) -> Option<&T> {
        if subscripts.len() != self.dimensions.len() {
            return None;
        }
        let mut at = 0;
        for (dimension, &subscript) in self.dimensions.iter().zip(subscripts) {
            let offset = usize::try_from(i64::from(subscript) - i64::from(dimension.lower_bound)).ok()?;
            if offset >= dimension.length {
                return None;
            }
            at = at * dimension.length + offset;
        }
        self.elements.get(at)
    }

    /// How many elements it has, of all dimensions together.
    ///
    /// ```
    /// assert_eq!(trunkline_core::types::Array::new(vec![1, 2]).len(), 2);
    /// ```
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether it has no elements.
    ///
    /// ```
    /// assert!(trunkline_core::types::Array::<i32>::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// Its elements, the last subscript varying fastest.
    ///
    /// ```
    /// let prices = trunkline_core::types::Array::new(vec![250, 90]);
    /// assert_eq!(prices.iter().sum::<i32>(), 340);
    /// ```
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.elements.iter()
    }

    /// What was read, its dimensions checked.
    pub(super) const fn from_parts(dimensions: Box<[Dimension]>, elements: Vec<T>) -> Self {
        Self { dimensions, elements }
    }
}

impl<T> Default for Array<T> {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl<T> From<Vec<T>> for Array<T> {
    fn from(elements: Vec<T>) -> Self {
        Self::new(elements)
    }
}

impl<T> FromIterator<T> for Array<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self::new(elements.into_iter().collect())
    }
}

impl<T> IntoIterator for Array<T> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.elements.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Array<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// As lists in lists, one for each dimension. The subscripts that they start at are not told.
#[cfg(feature = "serde")]
impl<T: serde::Serialize> serde::Serialize for Array<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Nested { dimensions: &self.dimensions, elements: &self.elements }.serialize(serializer)
    }
}

/// What is left of an array inside some of its dimensions.
#[cfg(feature = "serde")]
struct Nested<'a, T> {
    dimensions: &'a [Dimension],
    elements: &'a [T],
}

#[cfg(feature = "serde")]
impl<T: serde::Serialize> serde::Serialize for Nested<'_, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.dimensions {
            [outer, dimensions @ ..] if !dimensions.is_empty() => {
                let inner = (self.elements.len() / outer.length.max(1)).max(1);
                let lists = self.elements.chunks(inner);
                serializer.collect_seq(lists.map(|elements| Nested { dimensions, elements }))
            }
            _ => serializer.collect_seq(self.elements),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;

    use super::*;

    fn from(lower_bound: i32, length: usize) -> Dimension {
        Dimension { length, lower_bound }
    }

    #[test]
    fn elements_have_subscripts() {
        let array = Array::with_dimensions(&[from(-1, 2), from(1, 3)], vec![1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!(array.get(&[-1, 1]), Some(&1));
        assert_eq!(array.get(&[0, 3]), Some(&6));
        for none in [&[][..], &[0], &[0, 0], &[0, 4], &[1, 1], &[-2, 1], &[i32::MIN, i32::MAX], &[0, 1, 1]] {
            assert_eq!(array.get(none), None, "{none:?}");
        }
        assert_eq!(Array::<i32>::default().get(&[]), None);
        assert_eq!(array.iter().sum::<i32>(), 21);
    }

    #[test]
    fn dimensions_must_be_such_as_postgresql_has() {
        let refused = |dimensions: &[Dimension]| {
            Array::with_dimensions(dimensions, vec![1, 2]).unwrap_err().to_string()
        };
        assert_eq!(refused(&[from(1, 1); 7]), "an array has 6 dimensions at most, not 7");
        assert_eq!(
            refused(&[from(i32::MAX - 1, 2)]),
            "a dimension of 2 from 2147483646 ends beyond the subscripts there are"
        );
        assert_eq!(refused(&[from(1, 3)]), "the dimensions hold 3 elements, 2 were given");
        assert_eq!(refused(&[]), "the dimensions hold 0 elements, 2 were given");
        assert!(refused(&[from(1, i32::MAX as usize - 1); 6]).starts_with("the dimensions hold"));
        let empty = Array::<i32>::with_dimensions(&[from(1, 2), from(1, 0)], Vec::new()).unwrap();
        assert_eq!(empty, Array::default());
    }

    #[cfg(feature = "serde")]
    #[test]
    fn dimensions_are_lists_in_json() {
        let dimensions = [from(0, 1), from(1, 2), from(1, 2)];
        let array = Array::with_dimensions(&dimensions, vec![Some(1), None, Some(3), Some(4)]).unwrap();
        assert_eq!(serde_json::to_string(&array).unwrap(), "[[[1,null],[3,4]]]");
        assert_eq!(serde_json::to_string(&Array::<i32>::default()).unwrap(), "[]");
    }
}
