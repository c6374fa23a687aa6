//! Histograms in a saved run: the filled buckets only.

use hdrhistogram::Histogram;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A histogram as it is saved.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedHistogram {
    digits: u8,
    /// The highest value of each bucket, and how often there was one.
    buckets: Vec<(u64, u64)>,
}

/// What has a form of its own in a saved run.
pub(super) trait Saved: Sized {
    type Form: Serialize + DeserializeOwned;

    fn save(&self) -> Self::Form;

    fn load(form: Self::Form) -> Option<Self>;
}

impl Saved for Histogram<u64> {
    type Form = SavedHistogram;

    fn save(&self) -> SavedHistogram {
        let steps = self.iter_recorded();
        let buckets =
            steps.map(|step| (step.value_iterated_to(), step.count_since_last_iteration()));
        SavedHistogram { digits: self.sigfig(), buckets: buckets.collect() }
    }

    fn load(form: SavedHistogram) -> Option<Self> {
        let mut histogram = Self::new(form.digits).ok()?;
        for (value, count) in form.buckets {
            histogram.record_n(value, count).ok()?;
        }
        Some(histogram)
    }
}

impl Saved for Option<Box<Histogram<u64>>> {
    type Form = Option<SavedHistogram>;

    fn save(&self) -> Self::Form {
        self.as_deref().map(Histogram::save)
    }

    fn load(form: Self::Form) -> Option<Self> {
        match form {
            None => Some(None),
            Some(form) => Some(Some(Box::new(Histogram::load(form)?))),
        }
    }
}

pub(super) fn serialize<T: Saved, S: Serializer, const N: usize>(
    all: &[T; N],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(all.iter().map(Saved::save))
}

pub(super) fn deserialize<'de, T: Saved, D: Deserializer<'de>, const N: usize>(
    deserializer: D,
) -> Result<[T; N], D::Error> {
    let saved = Vec::<T::Form>::deserialize(deserializer)?;
    let loaded = saved.into_iter().map(T::load).collect::<Option<Vec<_>>>();
    let loaded = loaded.and_then(|all| <[T; N]>::try_from(all).ok());
    loaded.ok_or_else(|| D::Error::custom("histograms are missing, or are none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Pair(#[serde(with = "super")] [Histogram<u64>; 2]);

    #[test]
    fn a_histogram_is_read_as_it_was() {
        let mut histogram = Histogram::new(3).unwrap();
        for value in [0, 1, 999, 123_456, 123_456, 7_000_000_000] {
            histogram.record(value).unwrap();
        }
        let saved = serde_json::to_string(&Pair([histogram, Histogram::new(2).unwrap()])).unwrap();
        assert!(
            saved.starts_with(r#"[{"digits":3,"buckets":[[0,1],[1,1],[999,1],[123"#),
            "{saved}"
        );
        let Pair([read, empty]) = serde_json::from_str(&saved).unwrap();
        assert_eq!((read.len(), read.value_at_quantile(0.1), empty.len()), (6, 0, 0));
        assert!(read.equivalent(read.max(), 7_000_000_000));
        assert_eq!(serde_json::to_string(&Pair([read, empty])).unwrap(), saved);
        for wrong in [saved.replace("}]", "}}]"), "[[]]".to_owned(), saved.replace(":3", ":9")] {
            assert!(serde_json::from_str::<Pair>(&wrong).is_err(), "{wrong}");
        }
    }
}
